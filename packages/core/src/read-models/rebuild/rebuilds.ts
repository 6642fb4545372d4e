import type { EventLog } from '../../event-log/event-log.js';
import type { Projector } from '../projector.js';
import type { Run } from '../../subscriptions/runners/run.js';
import type { ReadModelSubscription } from '../read-model-subscription.js';
import { ReadModelShadow } from './read-model-shadow.js';
import { Rebuild } from './rebuild.js';
import type { RebuildStates } from './rebuild-states.js';
import type { ShadowSource } from './shadow-source.js';
import type { ShadowTables } from './shadow.js';

/** Rebuilds of the read models of this program. */
export class Rebuilds {
  constructor(
    readonly states: RebuildStates,
    private readonly log: EventLog,
    private readonly projector: Projector,
    private readonly tables: ShadowTables,
    private readonly shadows: ShadowSource,
  ) {}

  /**
   * A requested rebuild, or one to resume.
   * @param signal interrupts it after the current batch
   */
  async prepare(subscription: ReadModelSubscription, run: Run, signal: AbortSignal): Promise<Rebuild> {
    const shadow = new ReadModelShadow(subscription, this.projector, this.tables, await this.shadows.get());
    return new Rebuild(subscription, run.checkpoint, this.states, this.log, shadow, signal);
  }
}
