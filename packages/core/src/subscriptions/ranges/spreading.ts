import type { OpenDatabase } from '../../databases/open-database.js';
import type { LeasedStates } from '../states/leased-states.js';
import type { StatesByKind } from '../states/states-by-kind.js';
import type { Subscription } from '../subscription.js';
import type { Nodes } from './nodes.js';
import { RangeCheckpoints } from './range-checkpoints.js';
import { SpreadStates } from './spread-states.js';

/** The rows of state by subscription: those of one that is partitioned can be split into ranges. */
export class Spreading {
  constructor(
    private readonly states: StatesByKind,
    private readonly events: OpenDatabase,
    private readonly nodes: Nodes,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {}

  of(subscription: Subscription): LeasedStates {
    const states = this.states[subscription.kind];
    if (!subscription.partitioned || !states.ranges) return states;
    const checkpoints = new RangeCheckpoints(this.events, this.leaseTtl);
    return new SpreadStates(subscription, states, states.ranges, checkpoints, this.nodes);
  }
}
