import type { DependentWrite } from '../../databases/dependent-write.js';
import type { PreparedStatements } from '../../databases/prepared-statements.js';
import { isRefusedValue } from '../../databases/refused-value.js';
import type { Field, RowLayout, StoredKey, StoredRow } from '../row-layout.js';
import type { ListedColumn, RowLists, StatementPart } from './row-lists.js';

const SAVEPOINT = 'leftfold_rows';

const tables = new WeakMap<RowLayout, Map<string, TableStatements>>();

/** The SQL statements for the rows of one table. */
export class TableStatements {
  private readonly lists: RowLists;
  private readonly columns: readonly ListedColumn[];
  private readonly keys: readonly ListedColumn[];
  private readonly selectFrom: string;
  private readonly selectAny: string;
  private readonly inserts: StatementTexts;
  private readonly upserts: StatementTexts;
  private readonly deletes: StatementTexts;
  private readonly parametersOf: (values: readonly unknown[]) => readonly unknown[];
  private readonly keyParametersOf: (values: readonly unknown[]) => readonly unknown[];

  private constructor(
    private readonly layout: RowLayout,
    name: string,
  ) {
    const table = layout.quoted(name);
    this.lists = layout.table.lists;
    this.columns = layout.fields.map((field) => layout.columnOf(field));
    this.keys = layout.keyFields.map((field) => layout.columnOf(field));
    this.parametersOf = conversionOf(layout.fields);
    this.keyParametersOf = conversionOf(layout.keyFields);
    const names = this.columns.map(({ name }) => name);
    const keys = this.keys.map(({ name }) => name);
    this.selectFrom = `select ${names.join(', ')} from ${table} where`;
    this.selectAny = `select 1 from ${table} limit 1`;
    const insertInto = `insert into ${table} (${names.join(', ')})`;
    const written = layout.foldsKeys ? names : names.filter((name) => !keys.includes(name));
    const changes = written.map((name) => `${name} = excluded.${name}`);
    const onConflict = ` on conflict (${keys.join(', ')}) do ${changes.length ? `update set ${changes.join(', ')}` : 'nothing'}`;
    this.inserts = new StatementTexts(insertInto, '');
    this.upserts = new StatementTexts(insertInto, onConflict);
    this.deletes = new StatementTexts(`delete from ${table} where`, '');
  }

  /** Statements for a table of this layout: the live one, or that of a rebuild. They are made once. */
  static of(layout: RowLayout, table: string): TableStatements {
    let made = tables.get(layout);
    if (!made) tables.set(layout, (made = new Map<string, TableStatements>()));
    let statements = made.get(table);
    if (!statements) made.set(table, (statements = new TableStatements(layout, table)));
    return statements;
  }

  async isEmpty(database: PreparedStatements): Promise<boolean> {
    return (await database.run(this.selectAny, [])).rows.length === 0;
  }

  /** The existing rows with these keys. */
  async select(database: PreparedStatements, keys: readonly StoredKey[]): Promise<StoredRow[]> {
    const found: StoredRow[] = [];
    for (const { sql, parameters } of this.matching(keys)) {
      const { rows } = await database.run(`${this.selectFrom} ${sql}`, parameters);
      for (const row of rows) found.push(this.layout.fromDriver(row));
    }
    return found;
  }

  /** Writes the changes: deletes `removed`, upserts `saved`. */
  async write(database: PreparedStatements, removed: readonly StoredKey[], saved: readonly StoredRow[]): Promise<void> {
    await this.delete(database, removed);
    const mayClash = this.layout.table.hasOtherUniqueness && saved.length > 1;
    await (mayClash ? this.upsertOrReplace(database, saved) : this.insert(database, saved, this.upserts));
  }

  /**
   * The same changes as writes whose order is of no importance; undefined when the order may be.
   */
  writes(removed: readonly StoredKey[], saved: readonly StoredRow[]): DependentWrite[] | undefined {
    const { isReplaceable, hasOtherUniqueness } = this.layout.table;
    if (removed.length + saved.length > 1 && (hasOtherUniqueness || !isReplaceable)) return undefined;
    return [...this.removing(removed), ...this.storing(saved, this.upserts)];
  }

  /**
   * When a value moves from one row to another, an upsert may find it in both. Then all old rows are deleted first, so
   * that only the final rows can conflict. If deleting would lose something in this table, the failure stands, and each
   * event is tried alone.
   */
  private async upsertOrReplace(database: PreparedStatements, saved: readonly StoredRow[]): Promise<void> {
    await database.run(`savepoint ${SAVEPOINT}`, []);
    try {
      await this.insert(database, saved, this.upserts);
    } catch (error) {
      if (!this.layout.table.isReplaceable || !isRefusedValue(error)) throw error;
      await database.run(`rollback to savepoint ${SAVEPOINT}`, []);
      await this.delete(
        database,
        saved.map((row) => this.layout.keyOf(row)),
      );
      await this.insert(database, saved, this.inserts);
    }
    await database.run(`release savepoint ${SAVEPOINT}`, []);
  }

  private async insert(database: PreparedStatements, rows: readonly StoredRow[], texts: StatementTexts): Promise<void> {
    for (const { sql, parameters } of this.storing(rows, texts)) await database.run(sql, parameters);
  }

  private storing(rows: readonly StoredRow[], texts: StatementTexts): DependentWrite[] {
    const sources = this.lists.source(this.columns, rows.map(this.parametersOf));
    return sources.map((source) => texts.with(source));
  }

  private async delete(database: PreparedStatements, keys: readonly StoredKey[]): Promise<void> {
    for (const { sql, parameters } of this.removing(keys)) await database.run(sql, parameters);
  }

  private removing(keys: readonly StoredKey[]): DependentWrite[] {
    return this.matching(keys).map((some) => this.deletes.with(some));
  }

  private matching(keys: readonly StoredKey[]) {
    return this.lists.matching(
      this.keys,
      keys.map(({ values }) => this.keyParametersOf(values)),
    );
  }
}

/** Statements that begin and end alike. Each is one text object, so that it is hashed once, when it is looked for first. */
class StatementTexts {
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly start: string,
    private readonly end: string,
  ) {}

  with({ sql, parameters, word }: StatementPart): DependentWrite {
    let text = this.texts.get(sql);
    if (text === undefined) this.texts.set(sql, (text = `${this.start} ${sql}${this.end}`));
    return { sql: text, parameters, ...(word && { condition: { at: text.length - this.end.length, word } }) };
  }
}

/** Converts stored forms to statement parameters. */
function conversionOf(fields: readonly Field[]): (values: readonly unknown[]) => readonly unknown[] {
  if (fields.every(({ type }) => !type.toParameter)) return (values) => values;
  return (values) =>
    values.map((value, index) => (value === null ? null : (fields[index]!.type.toParameter?.(value) ?? value)));
}
