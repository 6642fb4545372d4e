import type { DatabaseKind } from '../support/databases.js';
import { insert } from './run-script.js';
import { VerifiedLog } from './verified-log.js';

export const STREAMS = 20;
export const HEAD = 1_000;
/** Rows that verify reads at a time. */
export const SLICE = 200;
/** Payments up to here are parked, more than verify reads at a time. */
const PARKED_UP_TO = 440;
export const PARKED = PARKED_UP_TO / 2;

/** A sound log of many ranges, with three read models and a side effect with many parked events. It can be damaged. */
export async function openLargeLog(kind: DatabaseKind): Promise<VerifiedLog> {
  const verified = await VerifiedLog.open(kind);
  await verified.appendRounds(STREAMS, HEAD / STREAMS);
  const row = {
    version: 1,
    log_id: await verified.log.id(),
    position: HEAD,
    event_id: await verified.eventIdAt(HEAD),
    epoch: 0,
    expires_at: 0,
  };
  const types = '["orders.placed","orders.paid"]';
  await verified.viewsSql(
    ...['orders.list', 'orders.map', 'orders.sums'].map((name) =>
      insert('leftfold_read_models', { ...row, name, types, handled: 520 }),
    ),
  );
  await verified.sql(
    insert('leftfold_subscriptions', {
      ...row,
      name: 'mail.receipts',
      types: '["orders.paid"]',
      handled: 500 - PARKED,
      parked: PARKED,
    }),
    `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts)
     select event_id, 'mail.receipts', stream, position, case when version = 2 then 'dead' else 'waiting' end, 1, 1
       from leftfold_events where type = 'orders.paid' and position <= ${PARKED_UP_TO}`,
  );
  await verified.makeDamageable();
  return verified;
}
