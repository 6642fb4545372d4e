import { type DataSource, EntityManager, type QueryRunner } from 'typeorm';
import { lendRunner } from './lend-runner.js';
import { namesTable, usesTable } from './names-table.js';

/**
 * EntityManager for the shadow tables of one read model: it uses the metadata of `shadow` and the connection of
 * `runner`. It refuses SQL that names a live table, so that a projection can't damage live rows. A string literal or an
 * alias that equals a table name counts as the table.
 */
export class ShadowManager extends EntityManager {
  /** Tables whose name is also a column name. SQL may contain these names, but not in the place of a table. */
  private readonly ambiguous: ReadonlySet<string>;

  constructor(
    shadow: DataSource,
    runner: QueryRunner,
    private readonly liveTables: readonly string[],
  ) {
    super(
      shadow,
      lendRunner(runner, (sql) => refuseNamed(sql, liveTables, usesTable)),
    );
    const columns = new Set(
      shadow.entityMetadatas.flatMap(({ columns }) => columns.map(({ databaseName }) => databaseName.toLowerCase())),
    );
    this.ambiguous = new Set(liveTables.filter((table) => columns.has(table.toLowerCase())));
  }

  override async query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T> {
    refuseNamed(
      sql,
      this.liveTables.filter((table) => !this.ambiguous.has(table)),
      namesTable,
    );
    return super.query<T>(sql, parameters);
  }
}

function refuseNamed(sql: string, tables: readonly string[], names: (sql: string, table: string) => boolean): void {
  const named = tables.find((table) => names(sql, table));
  if (named === undefined) return;
  throw new Error(`A rebuild uses another table: write \`\${rows.table}\` in place of "${named}" in SQL by hand.`);
}
