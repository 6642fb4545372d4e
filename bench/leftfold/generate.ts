import { join } from 'node:path';
import { TYPE, type Target } from '../contract.js';
import { NOTE, PRODUCTS, START } from '../workloads/dataset.js';

/** Every second account has payments of this type instead, so that a type and an actor may have no event in common. */
export const OTHER_TYPE = 'accounts.payment-imported';
/** Events for one statement. */
const SLICE = 100_000;

/** Which events, by number from 0, and how many there are in each stream. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  /** Events in the log that were not generated. */
  readonly others: number;
}

/**
 * Adds events to a log by statements of the database: those of `payment()`, stream after stream. The look-ups are not filled.
 */
export async function generate(target: Target, { from, to, depth, others }: Range): Promise<void> {
  const run = target.engine === 'sqlite' ? await onSqlite(target) : await onPostgres(target);
  try {
    for (let after = from; after < to; after += SLICE) {
      await run.insert([after, Math.min(after + SLICE, to), depth, others]);
    }
    await run.finish();
  } finally {
    await run.close();
  }
}

interface Run {
  readonly insert: (parameters: readonly [after: number, upTo: number, depth: number, others: number]) => unknown;
  readonly finish: () => unknown;
  readonly close: () => unknown;
}

async function onSqlite({ folder }: Target): Promise<Run> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(join(folder, 'events.sqlite'));
  const insert = db.prepare(SQLITE);
  return {
    // As integers: a number would be a floating point one.
    insert: (parameters) => {
      const [after, upTo, depth, others] = parameters.map(BigInt);
      return insert.run({ after, upTo, depth, others });
    },
    finish: () => db.exec('analyze'),
    close: () => db.close(),
  };
}

async function onPostgres({ url }: Target): Promise<Run> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    insert: (parameters) => client.query(POSTGRES, [...parameters]),
    finish: () => client.query('vacuum analyze leftfold_events'),
    close: () => client.end(),
  };
}

const COLUMNS = `position, stream, version, event_id, type, schema_version, data, metadata, actor, correlation_id, recorded_at,
  partition`;
const TYPE_OF = `case when account % 2 = 0 then '${TYPE}' else '${OTHER_TYPE}' end`;
const PRODUCT = `'product-' || ((account * 31 + version * 17) % ${PRODUCTS})`;
const AMOUNT = `(account * 7 + version * 13) % 100 + 1`;

const SQLITE = `insert into leftfold_events (${COLUMNS})
with recursive numbers(n) as (select @after union all select n + 1 from numbers where n + 1 < @upTo),
events as (
  select n + 1 + @others as position, n / @depth as account, n % @depth + 1 as version,
    printf('00000000-0000-4000-8000-%012x', n / @depth) as id from numbers
)
select position, 'account-' || id, version, printf('01900000-0000-7000-8000-%012x', position), ${TYPE_OF}, 1,
  json_object('accountId', id, 'productId', ${PRODUCT}, 'country', 'country-' || ((account + version) % 50),
    'month', version % 24 + 1, 'amount', ${AMOUNT},
    'bookedAt', strftime('%Y-%m-%dT%H:%M:%fZ', (${START} + version * 60000 + account) / 1000.0, 'unixepoch'), 'note', '${NOTE}'),
  json_object('causationId', lower(hex(randomblob(4)) || '-0000-4000-8000-' || hex(randomblob(6)))), 'user-' || (account % 500),
  lower(hex(randomblob(4)) || '-0000-4000-8000-' || hex(randomblob(6))), ${START} + position, account % 1024
from events`;

const POSTGRES = `insert into leftfold_events (${COLUMNS})
select position, 'account-' || id, version, ('01900000-0000-7000-8000-' || lpad(to_hex(position), 12, '0'))::uuid, ${TYPE_OF}, 1,
  json_build_object('accountId', id, 'productId', ${PRODUCT}, 'country', 'country-' || ((account + version) % 50),
    'month', version % 24 + 1, 'amount', ${AMOUNT},
    'bookedAt', to_char(to_timestamp((${START} + version * 60000 + account) / 1000.0) at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'note', '${NOTE}')::text,
  json_build_object('causationId', gen_random_uuid())::text, 'user-' || (account % 500), gen_random_uuid()::text,
  ${START} + position, account % 1024
from (
  select n + 1 + $4::bigint as position, n / $3::bigint as account, n % $3::bigint + 1 as version,
    '00000000-0000-4000-8000-' || lpad(to_hex(n / $3::bigint), 12, '0') as id
  from generate_series($1::bigint, $2::bigint - 1) n
) events`;
