import type { EntityManager } from 'typeorm';
import { namesTable } from '../names-table.js';
import { UnrebuildableTableError } from '../unrebuildable-table.error.js';

const FOREIGN_KEYS = `select child.name as child, key."table" as parent
  from sqlite_schema as child, pragma_foreign_key_list(child.name) as key
 where child.type = 'table' and ? collate nocase in (child.name, key."table")`;

/**
 * Refuses a table that other tables, views or triggers refer to, because a swap would break them.
 * @throws UnrebuildableTableError
 */
export async function refuseSqliteObstacles(manager: EntityManager, table: string): Promise<void> {
  const [found] = await manager.query<{ sql: string }[]>(
    `select sql from sqlite_schema where type = 'table' and name = ? collate nocase`,
    [table],
  );
  if (!found) throw UnrebuildableTableError.becauseItIsMissing(table);
  if (/^create virtual/i.test(found.sql)) {
    throw UnrebuildableTableError.becauseItIsNotAlone(table, 'it is a virtual table, which has tables of its own');
  }
  const [key] = await manager.query<{ child: string; parent: string }[]>(FOREIGN_KEYS, [table]);
  if (key) {
    throw UnrebuildableTableError.becauseItIsNotAlone(table, `a foreign key ties "${key.child}" to "${key.parent}"`);
  }
  // SQLite does not list dependencies, so the SQL text is searched. An object that contains the name in another sense
  // is refused as well.
  const others = await manager.query<{ type: string; name: string; sql: string }[]>(
    `select type, name, sql from sqlite_schema where type in ('trigger', 'view')`,
  );
  const other = others.find(({ sql }) => namesTable(sql, table));
  if (other) throw UnrebuildableTableError.becauseItIsNotAlone(table, `the ${other.type} "${other.name}" names it`);
}
