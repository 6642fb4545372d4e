import { randomUUID } from 'node:crypto';
import { select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { newKey } from './cipher.js';
import { type KeyState, KeyStore, type SubjectKey } from './key-store.js';
import type { MasterKeys } from './master-keys.js';
import type { Forgetting } from './personal-data.js';

/** A row of `leftfold_personal_keys`, as the driver returns it. */
interface KeyRow {
  readonly subject: string;
  readonly key_id: string | null;
  readonly wrapped: string | null;
  readonly master: string | null;
  readonly forgotten_at: number | string | null;
  readonly forgotten_by: string | null;
  readonly forgotten_position: number | string | null;
}

/** What one step of a rotation has done. */
export interface Rewrapped {
  /** Keys that it has wrapped with the current master key. */
  readonly keys: number;
  /** The last subject that it looked at; undefined at the end. */
  readonly reached: string | undefined;
}

const COLUMNS = 'k.subject, k.key_id, k.wrapped, k.master, k.forgotten_at, k.forgotten_by, k.forgotten_position';
/** The most rows of one statement. */
const MOST = 500;

/** Keeps the keys in a table, wrapped by the master key. */
export class TableKeyStore extends KeyStore {
  constructor(
    private readonly database: OpenDatabase,
    /** Called when they are needed. */
    private readonly masterKeys: () => MasterKeys,
  ) {
    super();
  }

  private get masters(): MasterKeys {
    return this.masterKeys();
  }

  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>> {
    return new Map((await this.rows(subjects)).map((row) => [row.subject, this.stateOf(row)]));
  }

  async make(subjects: readonly string[]): Promise<ReadonlyMap<string, KeyState>> {
    const found = await this.find(subjects);
    // Sorted, so that two callers lock the rows in one order.
    const missing = [...new Set(subjects)].filter((subject) => !found.has(subject)).toSorted();
    if (missing.length === 0) return found;
    for (let from = 0; from < missing.length; from += MOST) await this.insert(missing.slice(from, from + MOST));
    // Read again: another caller may have made one meanwhile, and a reply may have been lost after the commit.
    return this.find(subjects);
  }

  async forget({ subject, eventId, position, forgottenAt }: Forgetting, replaced?: Forgetting): Promise<number> {
    const { now } = this.database.write.dialect;
    await this.database.write.statement(
      `insert into leftfold_personal_keys
         (subject, created_at, forgetting_since, forgotten_at, forgotten_by, forgotten_position)
       values (?, ${now}, ${now}, ?, ?, ?)
       on conflict (subject) do update set
         forgetting_since = coalesce(leftfold_personal_keys.forgetting_since, excluded.forgetting_since),
         forgotten_at = excluded.forgotten_at, forgotten_by = excluded.forgotten_by,
         forgotten_position = excluded.forgotten_position
       where leftfold_personal_keys.forgotten_at is null
          or (leftfold_personal_keys.forgotten_by = ? and leftfold_personal_keys.forgotten_position = ?)`,
      [subject, forgottenAt.getTime(), eventId, position, replaced?.eventId ?? null, replaced?.position ?? null],
    );
    const [row] = await select<{ since: number | string }>(
      this.database.read,
      `select ${now} - k.forgetting_since as since from leftfold_personal_keys k where k.subject = ?`,
      [subject],
    );
    return Number(row!.since);
  }

  async keyOfForgotten(subject: string): Promise<SubjectKey | undefined> {
    const [row] = await this.rows([subject]);
    if (!row?.wrapped || row.forgotten_at === null) return undefined;
    return { id: row.key_id!, key: this.unwrap(row) };
  }

  async erase(subject: string): Promise<void> {
    await this.database.write.statement(
      'update leftfold_personal_keys set wrapped = null, master = null where subject = ? and forgotten_at is not null',
      [subject],
    );
  }

  /** How many keys other master keys than the current one wrap. */
  async countOutdated(): Promise<number> {
    const [row] = await select<{ keys: number | string }>(
      this.database.read,
      'select count(*) as keys from leftfold_personal_keys k where k.wrapped is not null and k.master <> ?',
      [this.masters.current],
    );
    return Number(row!.keys);
  }

  /**
   * Wraps the next keys with the current master key. A key that is deleted meanwhile stays deleted.
   * @param after the subject that the step before has reached
   * @throws Error when none of the master keys unwraps one; it names the subject
   */
  async rewrap(after: string, limit: number): Promise<Rewrapped> {
    const rows = await select<KeyRow>(
      this.database.read,
      `select ${COLUMNS} from leftfold_personal_keys k
        where k.subject > ? and k.wrapped is not null and k.master <> ? order by k.subject limit ?`,
      [after, this.masters.current, limit],
    );
    let keys = 0;
    for (const row of rows) {
      const { wrapped, master } = this.masters.wrap(this.unwrap(row), row.subject, row.key_id!);
      const { affected } = await this.database.write.statement(
        'update leftfold_personal_keys set wrapped = ?, master = ? where subject = ? and wrapped = ?',
        [wrapped, master, row.subject, row.wrapped],
      );
      keys += affected;
    }
    return { keys, reached: rows.length < limit ? undefined : rows.at(-1)!.subject };
  }

  private async rows(subjects: readonly string[]): Promise<KeyRow[]> {
    if (subjects.length === 0) return [];
    const { dialect } = this.database.write;
    return select<KeyRow>(
      this.database.read,
      `select ${COLUMNS} from leftfold_personal_keys k where ${dialect.isAnyOf('k.subject')}`,
      [dialect.list([...new Set(subjects)])],
    );
  }

  private async insert(subjects: readonly string[]): Promise<void> {
    const values = subjects.map((subject) => {
      const id = randomUUID();
      const { wrapped, master } = this.masters.wrap(newKey(), subject, id);
      return [subject, id, wrapped, master];
    });
    const row = `(?, ?, ?, ?, ${this.database.write.dialect.now})`;
    await this.database.write.statement(
      `insert into leftfold_personal_keys (subject, key_id, wrapped, master, created_at)
       values ${values.map(() => row).join()} on conflict (subject) do nothing`,
      values.flat(),
    );
  }

  private stateOf(row: KeyRow): KeyState {
    const { subject, key_id: id, wrapped, forgotten_at: at, forgotten_by: eventId } = row;
    if (at !== null) {
      const position = Number(row.forgotten_position);
      return { forgotten: { subject, eventId: eventId!, position, forgottenAt: new Date(Number(at)) } };
    }
    if (wrapped === null) return { unusable: 'its key was deleted by hand in the database.' };
    try {
      return { key: { id: id!, key: this.unwrap(row) } };
    } catch (error) {
      return { unusable: (error as Error).message };
    }
  }

  private unwrap({ subject, key_id: id, wrapped, master }: KeyRow): Buffer {
    return this.masters.unwrap({ wrapped: wrapped!, master: master! }, subject, id!);
  }
}
