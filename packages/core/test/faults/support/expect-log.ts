import type { RecordedEvent } from '@leftfold/core';
import type { TestDatabase } from '../../support/databases.js';
import { eventually } from '../../support/eventually.js';
import { runSql } from '../../support/stored-rows.js';

/** Positions from 1 on, versions from 1 on in every stream, and times that never decrease. */
export function expectNoHoles(events: readonly RecordedEvent[]): void {
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
  const times = events.map(({ recordedAt }) => recordedAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const streams = new Map<string, number[]>();
  for (const { stream, version } of events) streams.set(stream, [...(streams.get(stream) ?? []), version]);
  for (const [stream, versions] of streams) {
    expect({ stream, versions }).toEqual({ stream, versions: versions.map((_, index) => index + 1) });
  }
}

/** After a kill: a server may still work for a client that is dead. */
export async function expectNobodyAppends({ kind, url }: TestDatabase): Promise<void> {
  if (kind === 'sqlite') return;
  const active = `select 1 from pg_stat_activity where datname = current_database() and state = 'active'`;
  await eventually(async () => expect(await runSql(url, `${active} and pid <> pg_backend_pid()`)).toEqual([]));
}
