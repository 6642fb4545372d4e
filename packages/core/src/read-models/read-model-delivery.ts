import type { EntityManager } from 'typeorm';
import type { EventLog } from '../event-log/event-log.js';
import { checkOrigin } from './check-origin.js';
import type { Rebuilds } from './rebuild/rebuilds.js';
import type { Delivery } from '../subscriptions/runners/delivery.js';
import type { Run } from '../subscriptions/runners/run.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { ReadModelSubscription } from './read-model-subscription.js';
import { isRebuilding, type ReadModelAdoption } from './read-model-adoption.js';
import type { Projector } from './projector.js';
import type { ReadModelPositions } from './read-model-positions.js';
import { ReadModelSession } from './read-model-session.js';

/** Delivers events to projections, and rebuilds read models. */
export class ReadModelDelivery implements Delivery<ReadModelSession> {
  constructor(
    private readonly subscription: ReadModelSubscription,
    private readonly adoption: ReadModelAdoption,
    private readonly log: EventLog,
    private readonly projector: Projector,
    private readonly rebuilds: Rebuilds,
    private readonly positions: ReadModelPositions,
  ) {}

  newestVersion(type: string): number | undefined {
    return this.projector.serializer.newestVersion(type);
  }

  adopt(row: SubscriptionRow, manager: EntityManager, isAbandoned: boolean): Promise<boolean> {
    const unknown = row.types?.find((type) => this.newestVersion(type) === undefined);
    if (unknown !== undefined && !isRebuilding(row)) return this.adoption.refuse(this.subscription, unknown, manager);
    return this.adoption.adopt(this.subscription, row, manager, isAbandoned);
  }

  /** @throws ForeignReadModelError */
  async open(run: Run, row: SubscriptionRow): Promise<ReadModelSession> {
    await checkOrigin(row, this.log);
    const session = new ReadModelSession(this.subscription, run, this.projector, this.rebuilds, this.positions);
    await session.resumeRebuild(row);
    return session;
  }
}
