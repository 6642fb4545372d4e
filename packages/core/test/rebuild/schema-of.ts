import type { EntityManager } from 'typeorm';

const POSTGRES = [
  `select 'column' as kind, table_name as of, column_name as name,
          concat_ws(' ', row_number() over (partition by table_name order by ordinal_position), data_type, is_nullable, column_default, identity_generation,
                    generation_expression, collation_name) as definition
     from information_schema.columns where table_schema = current_schema()`,
  `select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = current_schema()`,
  `select 'constraint', conrelid::regclass::text, conname,
          concat_ws(' ', contype, pg_get_constraintdef(oid), conindid::regclass, obj_description(oid, 'pg_constraint'))
     from pg_constraint where connamespace = current_schema()::regnamespace and conrelid <> 0`,
  `select 'table', c.relname, c.relname,
          concat_ws(' ', c.relkind, c.relpersistence, c.reloptions::text, t.reloptions::text, c.relowner::regrole,
                    obj_description(c.oid, 'pg_class'))
     from pg_class as c left join pg_class as t on t.oid = c.reltoastrelid
    where c.relnamespace = current_schema()::regnamespace`,
  `select 'right', c.relname, grantee::regrole::text, privilege_type || ' ' || is_grantable
     from pg_class as c, aclexplode(coalesce(relacl, acldefault('r', relowner)))
    where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
  `select 'statistics', stxrelid::regclass::text, stxname,
          stxkind::text || pg_get_statisticsobjdef_columns(oid)
     from pg_statistic_ext where stxnamespace = current_schema()::regnamespace`,
  `select 'sequence', refobjid::regclass::text || '.' || refobjsubid, objid::regclass::text, deptype::text
     from pg_depend where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype in ('a', 'i')
      and objid in (select oid from pg_class where relkind = 'S')`,
].join(' union all ');

const SQLITE = `select type as kind, tbl_name as "of", name, sql as definition from sqlite_schema`;

/** The database's own description of all tables, one line for each part, sorted. */
export async function schemaOf(manager: EntityManager): Promise<string[]> {
  const postgres = manager.dataSource.options.type === 'postgres';
  const parts = await manager.query<{ kind: string; of: string; name: string; definition: string | null }[]>(
    postgres ? POSTGRES : SQLITE,
  );
  return parts
    .map(({ kind, of, name, definition }) => `${kind} ${of} ${name}: ${postgres ? definition : unquoted(definition)}`)
    .toSorted();
}

/** A swap may quote the name of a table; no other difference is allowed. */
function unquoted(sql: string | null): string {
  return (sql ?? '').replaceAll(/"(\w+)"/g, '$1');
}
