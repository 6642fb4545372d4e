import { superfluous } from './snapshot-spacing.js';

/** Identifies a folded state of a stream. */
export interface SnapshotKey {
  readonly stream: string;
  /** Name of the fold; `aggregate` for the aggregate itself. */
  readonly fold: string;
  readonly schemaVersion: number;
  /** Whether an event of the aggregate has personal fields. */
  readonly isPersonal: boolean;
}

export interface SnapshotRow extends SnapshotKey {
  readonly version: number;
  readonly eventId: string;
  /** JSON. */
  readonly state: string;
}

type Run = <Row>(sql: string, parameters: unknown[]) => Promise<Row[]>;

/** A snapshot belongs to this log only if the event id that it names is stored at its version. */
const IN_THIS_LOG =
  'join leftfold_events e on e.stream = s.stream and e.version = s.version and cast(e.event_id as text) = s.event_id';

/** Parameters: stream, fold, version of the state's shape, and the highest version to use. */
export const snapshotStatement = `select s.version, e.position, s.state from leftfold_snapshots s ${IN_THIS_LOG}
   where s.stream = ? and s.fold = ? and s.schema_version = ? and s.version <= ? order by s.version desc limit 1`;

export const upsertStatement = `insert into leftfold_snapshots (stream, fold, version, event_id, schema_version, state)
   values (?, ?, ?, ?, ?, ?)
   on conflict (stream, fold, version) do update set event_id = excluded.event_id,
     schema_version = excluded.schema_version, state = excluded.state`;

/**
 * Deletes superfluous snapshots of one state: those with another shape or from another history, and those too close to
 * another one.
 */
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
