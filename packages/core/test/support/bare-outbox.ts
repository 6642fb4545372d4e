import type { OpenDatabase } from '../../src/databases/open-database.js';
import { Outbox } from '../../src/sagas/outbox/outbox.js';
import { OutboxTable } from '../../src/sagas/outbox/outbox-table.js';
import type { PendingCommand } from '../../src/sagas/outbox/pending-command.js';
import { ScheduleClock } from '../../src/sagas/outbox/schedule-clock.js';
import { SAGA_SCHEMA } from '../../src/sagas/saga-schema.js';
import { SUBSCRIPTION_SCHEMA } from '../../src/subscriptions/subscription-schema.js';

export const SAGA = 'orders.fulfilment';
/** The tables of an outbox, without an application. */
export const BARE_OUTBOX = {
  entities: [...SUBSCRIPTION_SCHEMA.entities, ...SAGA_SCHEMA.entities],
  migrations: [...SUBSCRIPTION_SCHEMA.migrations, ...SAGA_SCHEMA.migrations],
};

/** The commands of one event, all of the same stream. */
export function commandsOf(fairnessKey: string, position: number, count: number): PendingCommand[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${fairnessKey}-${position}-${index}`,
    stream: `order-${position}`,
    position,
    index,
    name: 'orders.reserve',
    version: 1,
    data: '{}',
    correlationId: `request-${position}`,
    fairnessKey,
    custom: null,
    causationId: `event-${position}`,
    traceparent: null,
    schedule: null,
    compensation: null,
  }));
}

export function outboxIn(events: OpenDatabase, owner: string, clock = new ScheduleClock()): Outbox {
  return new Outbox(new OutboxTable(events, clock), { owner, claimFor: 60_000 });
}
