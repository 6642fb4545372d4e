import type { QueryRunner } from 'typeorm';
import type { Databases } from '../../databases/databases.js';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';
import { partitionOf } from '../../event-log/partition.js';
import { closingTag } from '../../event-log/prepared-append.js';
import type { EventRow } from '../../event-log/recorded-event.js';
import { HEAD } from './import-claim.js';
import type { IncomingEvent } from './incoming-event.js';
import type { BatchPlan, LogState } from './plan-batch.js';
import type { StoredEvent } from './stored-event.js';

/** Reads what a batch needs to know of the log. */
export async function readLogState(runner: QueryRunner, batch: readonly IncomingEvent[]): Promise<LogState> {
  const dialect = dialectOf(runner);
  const { rows: heads } = await execute<{ position: number | string; recorded_at: number | string }>(runner, HEAD, []);
  const { rows: clock } = await execute<{ now: number | string }>(runner, `select ${dialect.now} as now`, []);
  const streams = [...new Set(batch.map(({ stream }) => stream))];
  return {
    head: Number(heads[0]?.position ?? 0),
    recordedAt: Number(heads[0]?.recorded_at ?? 0),
    now: Number(clock[0]!.now),
    stored: await storedOf(runner, batch),
    versions: await versionsOf(runner, streams),
    closed: await closedOf(runner, streams),
  };
}

/** Stores the events of a batch and their tags. */
export async function storeBatch(runner: QueryRunner, { events, tags }: BatchPlan): Promise<void> {
  const dialect = dialectOf(runner);
  const rows = events.map((event) => [
    event.position,
    event.stream,
    event.version,
    event.id,
    event.type,
    event.typeVersion,
    event.data,
    event.metadata,
    event.actor,
    event.correlationId,
    event.recordedAt,
    partitionOf(event.stream),
  ]);
  await execute(
    runner,
    `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                                  correlation_id, recorded_at, partition)
     select cast(value->>0 as bigint), value->>1, cast(value->>2 as bigint), ${dialect.eventId('value->>3')}, value->>4,
            cast(value->>5 as integer), value->>6, value->>7, value->>8, value->>9, cast(value->>10 as bigint),
            cast(value->>11 as integer)
       from ${dialect.jsonElements} rows where true`,
    [JSON.stringify(rows)],
  );
  if (tags.length === 0) return;
  await execute(
    runner,
    `insert into leftfold_event_tags (tag, position)
     select p.tag, p.position from ${dialect.pairs('position', 'tag')} p where true`,
    dialect.listOfPairs(tags.map(({ tag, position }) => [position, tag])),
  );
}

/** Wakes up the processes that wait for events. */
export async function announce(runner: QueryRunner, { namespace }: Databases['events']): Promise<void> {
  const { notify } = dialectOf(runner);
  if (notify !== undefined) await execute(runner, notify, [namespace.channel]);
}

async function storedOf(
  runner: QueryRunner,
  batch: readonly IncomingEvent[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const dialect = dialectOf(runner);
  const { rows } = await execute<EventRow & { id: string }>(
    runner,
    `select e.event_id as id, e.position, e.stream, e.version, e.type, e.schema_version, e.recorded_at, e.actor, e.correlation_id,
            e.data, e.metadata
       from leftfold_events e
      where ${dialect.isAnyOf('e.event_id')}`,
    [dialect.list(batch.map(({ id }) => id))],
  );
  return new Map(
    rows.map(({ id, stream, type, actor, data, metadata, ...row }) => [
      id,
      {
        stream,
        type,
        actor,
        data,
        metadata,
        position: Number(row.position),
        version: Number(row.version),
        typeVersion: row.schema_version,
        recordedAt: Number(row.recorded_at),
        correlationId: row.correlation_id,
      },
    ]),
  );
}

/** A scalar subquery for each stream can't become a join that reads the whole table. */
async function versionsOf(runner: QueryRunner, streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await execute<{ stream: string; version: number | string | null }>(
    runner,
    `select s.value as stream, (select max(e.version) from leftfold_events e where e.stream = s.value) as version
       from ${dialectOf(runner).jsonTexts} s`,
    [JSON.stringify(streams)],
  );
  return new Map(rows.map(({ stream, version }) => [stream, Number(version ?? 0)]));
}

async function closedOf(runner: QueryRunner, streams: readonly string[]): Promise<ReadonlySet<string>> {
  const dialect = dialectOf(runner);
  const byTag = new Map(streams.map((stream) => [closingTag(stream), stream]));
  const { rows } = await execute<{ tag: string }>(
    runner,
    `select t.tag from leftfold_event_tags t where ${dialect.isAnyOf('t.tag')}`,
    [dialect.list([...byTag.keys()])],
  );
  return new Set(rows.map(({ tag }) => byTag.get(tag)!));
}
