import type { EntityManager } from 'typeorm';
import { dialectOf } from '../databases/dialects/dialect-of.js';
import { isRefusedValue } from '../databases/refused-value.js';
import type { Field, RowLayout, StoredKey, StoredRow } from './row-layout.js';

/** Rows per write statement. Few sizes, so that databases see few different statements. */
const CHUNKS = [128, 16, 1];
/** Keys per lookup statement. The largest covers all events of a batch. */
const LOOKUPS = [1, 16, 128, 512];

const SAVEPOINT = 'leftfold_rows';

/** The SQL statements for the rows of one table. */
export class TableStatements {
  private readonly table: string;
  private readonly names: readonly string[];
  private readonly keys: readonly string[];
  private readonly onConflict: string;
  private readonly parametersOf: (values: readonly unknown[]) => readonly unknown[];
  private readonly keyParametersOf: (values: readonly unknown[]) => readonly unknown[];

  /** @param table name of the table; a rebuild uses another one */
  constructor(
    private readonly manager: EntityManager,
    table: string,
    private readonly layout: RowLayout,
  ) {
    const escape = (name: string): string => manager.dataSource.driver.escape(name);
    this.table = escape(table);
    this.names = layout.fields.map(({ column }) => escape(column.databaseName));
    this.keys = layout.keyFields.map(({ column }) => escape(column.databaseName));
    this.parametersOf = conversionOf(layout.fields);
    this.keyParametersOf = conversionOf(layout.keyFields);
    const written = layout.foldsKeys ? this.names : this.names.filter((name) => !this.keys.includes(name));
    const changes = written.map((name) => `${name} = excluded.${name}`);
    this.onConflict = `on conflict (${this.keys.join(', ')}) do ${changes.length ? `update set ${changes.join(', ')}` : 'nothing'}`;
  }

  /** The existing rows with these keys. */
  async select(keys: readonly StoredKey[]): Promise<StoredRow[]> {
    const answers: StoredRow[] = [];
    const select = `select ${this.names.map((name, index) => `${name} as f${index}`).join(', ')} from ${this.table}`;
    await inLookups(keys, async (chunk) => {
      const rows = await this.run<Record<string, unknown>[]>(
        `${select} where ${this.where(chunk)}`,
        this.valuesOf(chunk),
      );
      answers.push(...rows.map((row) => this.layout.fromDriver(this.names.map((_, index) => row[`f${index}`]))));
    });
    return answers;
  }

  /** Writes the changes: deletes `removed`, upserts `saved`. */
  async write(removed: readonly StoredKey[], saved: readonly StoredRow[]): Promise<void> {
    await this.delete(removed);
    const mayClash = this.layout.table.hasOtherUniqueness && saved.length > 1;
    await (mayClash ? this.upsertOrReplace(saved) : this.insert(saved, this.onConflict));
  }

  /**
   * When a value moves from one row to another, an upsert may find it in both. Then all old rows are deleted first, so
   * that only the final rows can conflict. If deleting would lose something in this table, the failure stands, and each
   * event is tried alone.
   */
  private async upsertOrReplace(saved: readonly StoredRow[]): Promise<void> {
    await this.run(`savepoint ${SAVEPOINT}`, []);
    try {
      await this.insert(saved, this.onConflict);
    } catch (error) {
      if (!this.layout.table.isReplaceable || !isRefusedValue(error)) throw error;
      await this.run(`rollback to savepoint ${SAVEPOINT}`, []);
      await this.delete(saved.map((row) => this.layout.keyOf(row)));
      await this.insert(saved, '');
    }
    await this.run(`release savepoint ${SAVEPOINT}`, []);
  }

  private insert(rows: readonly StoredRow[], onConflict: string): Promise<void> {
    const into = `insert into ${this.table} (${this.names.join(', ')}) values`;
    const tuple = `(${this.names.map(() => '?').join(', ')})`;
    return inChunks(rows, async (chunk) => {
      await this.run(`${into} ${chunk.map(() => tuple).join(', ')} ${onConflict}`, chunk.flatMap(this.parametersOf));
    });
  }

  private delete(keys: readonly StoredKey[]): Promise<void> {
    return inLookups(keys, async (chunk) => {
      await this.run(`delete from ${this.table} where ${this.where(chunk)}`, this.valuesOf(chunk));
    });
  }

  private where(keys: readonly StoredKey[]): string {
    if (this.keys.length === 1) return `${this.keys[0]} in (${keys.map(() => '?').join(', ')})`;
    const one = `(${this.keys.map((key) => `${key} = ?`).join(' and ')})`;
    return keys.map(() => one).join(' or ');
  }

  private valuesOf(keys: readonly StoredKey[]): unknown[] {
    return keys.flatMap(({ values }) => this.keyParametersOf(values));
  }

  private run<Rows>(sql: string, parameters: unknown[]): Promise<Rows> {
    return this.manager.query<Rows>(dialectOf(this.manager).withPlaceholders(sql), parameters);
  }
}

/** Converts stored forms to statement parameters. */
function conversionOf(fields: readonly Field[]): (values: readonly unknown[]) => readonly unknown[] {
  if (fields.every(({ type }) => !type.toParameter)) return (values) => values;
  return (values) =>
    values.map((value, index) => (value === null ? null : (fields[index]!.type.toParameter?.(value) ?? value)));
}

/** Repeats the last key to fill a statement; a row requested twice is found once. */
async function inLookups<T>(keys: readonly T[], work: (chunk: readonly T[]) => Promise<void>): Promise<void> {
  const most = LOOKUPS.at(-1)!;
  for (let start = 0; start < keys.length; start += most) {
    const chunk = keys.slice(start, start + most);
    const size = LOOKUPS.find((each) => each >= chunk.length)!;
    await work([...chunk, ...Array.from({ length: size - chunk.length }, () => chunk.at(-1)!)]);
  }
}

async function inChunks<T>(items: readonly T[], work: (chunk: readonly T[]) => Promise<void>): Promise<void> {
  let start = 0;
  for (const size of CHUNKS) {
    for (; start + size <= items.length; start += size) await work(items.slice(start, start + size));
  }
}
