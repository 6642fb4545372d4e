import type { LeasedStates } from '../states/leased-states.js';
import type { StatesByKind } from '../states/states-by-kind.js';
import type { Subscription } from '../subscription.js';
import type { Nodes } from './nodes.js';
import { SpreadStates } from './spread-states.js';

/**
 * The rows of state by subscription: those of one that is partitioned can be split into ranges. One that is not may have
 * ranges from an earlier program, which one node takes together.
 */
export class Spreading {
  constructor(
    private readonly states: StatesByKind,
    private readonly nodes: Nodes,
  ) {}

  of(subscription: Subscription): LeasedStates {
    const states = this.states[subscription.kind];
    return new SpreadStates(subscription, states, states.ranges, this.nodes);
  }
}
