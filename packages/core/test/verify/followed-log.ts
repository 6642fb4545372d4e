import type { DatabaseKind } from '../support/databases.js';
import { insert } from './run-script.js';
import { VerifiedLog } from './verified-log.js';

const HEAD = 24;
const ORDERS = 4;

export const READ_MODEL = 'read model orders.list';
export const SIDE_EFFECT = 'subscription mail.receipts';

const NEVER_OWNED = { version: 1, epoch: 0, expires_at: 0 };

/** Events that `mail.receipts` has parked, of the payments at 5 to 8, 13 to 16, and 21 to 24. */
const SET_ASIDE = [
  { stream: 'order-1', position: 13, state: 'retrying' },
  { stream: 'order-1', position: 21, state: 'waiting' },
  // It was parked before the row restarted its count, after position 6.
  { stream: 'order-2', position: 6, state: 'dead' },
  { stream: 'order-2', position: 14, state: 'waiting' },
  { stream: 'order-2', position: 22, state: 'waiting' },
  { stream: 'order-4', position: 16, state: 'dead' },
];

/** When the event at this position was recorded: one second after the previous one. */
export function recordedAt(position: number): number {
  return 1_750_000_000_000 + 1_000 * position;
}

/**
 * A sound log of four orders with six events each (version v of `order-n` is at position 4 * (v - 1) + n), a read model
 * at its head, one from before types were stored, and a side effect with parked events. It can be damaged.
 */
export async function openFollowedLog(kind: DatabaseKind): Promise<VerifiedLog> {
  const verified = await VerifiedLog.open(kind);
  await verified.appendRounds(ORDERS, HEAD / ORDERS);
  const logId = await verified.log.id();
  await verified.viewsSql(
    insert('leftfold_read_models', {
      ...NEVER_OWNED,
      name: 'orders.list',
      types: '["orders.placed","orders.paid"]',
      log_id: logId,
      position: HEAD,
      event_id: await verified.eventIdAt(HEAD),
      handled: 16,
    }),
    insert('leftfold_read_models', { ...NEVER_OWNED, name: 'orders.old', log_id: logId, position: 10, handled: 3 }),
  );
  await verified.sql(
    insert('leftfold_subscriptions', {
      ...NEVER_OWNED,
      name: 'mail.receipts',
      types: '["orders.paid"]',
      log_id: logId,
      start_position: 6,
      position: 22,
      event_id: await verified.eventIdAt(15),
      handled: 2,
      parked: 5,
      discarded: 1,
    }),
    ...SET_ASIDE.map(setAside),
  );
  await verified.makeDamageable();
  const times = `recorded_at = ${recordedAt(0)} + 1000 * position`;
  await verified.sql(`update leftfold_events set ${times}`, `update intact_leftfold_events set ${times}`);
  return verified;
}

export function setAside({ stream, position, state }: (typeof SET_ASIDE)[number]): string {
  const id = `letter-${position}`;
  return insert('leftfold_parked_events', {
    id,
    subscription: 'mail.receipts',
    stream,
    position,
    state,
    tries: 1,
    attempts: 1,
  });
}
