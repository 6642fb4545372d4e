import { superfluous } from './snapshot-spacing.js';

/** Which state of which stream. */
export interface SnapshotKey {
  readonly stream: string;
  /** Name of the fold; `aggregate` for the aggregate itself. */
  readonly fold: string;
  readonly schemaVersion: number;
}

export interface SnapshotRow extends SnapshotKey {
  readonly version: number;
  readonly eventId: string;
  /** JSON. */
  readonly state: string;
}

type Run = <Row>(sql: string, parameters: unknown[]) => Promise<Row[]>;

/** Only one that names the event which stands at its version is of the history that is in the log. */
const IN_THIS_LOG =
  'join leftfold_events e on e.stream = s.stream and e.version = s.version and cast(e.event_id as text) = s.event_id';

/** Parameters: stream, fold, version of the shape, and the highest version. */
export const snapshotStatement = `select s.version, e.position, s.state from leftfold_snapshots s ${IN_THIS_LOG}
   where s.stream = ? and s.fold = ? and s.schema_version = ? and s.version <= ? order by s.version desc limit 1`;

export const upsertStatement = `insert into leftfold_snapshots (stream, fold, version, event_id, schema_version, state)
   values (?, ?, ?, ?, ?, ?)
   on conflict (stream, fold, version) do update set event_id = excluded.event_id,
     schema_version = excluded.schema_version, state = excluded.state`;

/** Deletes what is no longer needed of one state: of another shape or history, and what is too close to another one. */
export async function keepFew(run: Run, { stream, fold, schemaVersion }: SnapshotKey, every: number): Promise<void> {
  const rows = await run<{ version: number | string; good: number }>(
    `select s.version, case when e.position is not null and s.schema_version = ? then 1 else 0 end as good
       from leftfold_snapshots s left ${IN_THIS_LOG} where s.stream = ? and s.fold = ? order by s.version`,
    [schemaVersion, stream, fold],
  );
  const good = rows.filter((row) => row.good === 1).map(({ version }) => Number(version));
  const bad = rows.filter((row) => row.good === 0).map(({ version }) => Number(version));
  for (const version of [...bad, ...superfluous(good, every)]) {
    await run('delete from leftfold_snapshots where stream = ? and fold = ? and version = ?', [stream, fold, version]);
  }
}
