import type { EntityManager } from 'typeorm';

/** A column, constraint, index, sequence or statistics object of the live table, and its counterpart in the shadow. */
export interface PartPair {
  readonly kind: string;
  readonly live: string | null;
  readonly shadow: string | null;
  /** Statement that gives the shadow's object the live one's name; null if it already has it. Runs after the swap. */
  readonly rename: string | null;
  /** Statement that copies the comment; runs after the renames. */
  readonly remark: string | null;
}

/**
 * Objects match when their definitions are equal. Among several equal definitions any pairing is fine. An index that
 * belongs to a constraint is renamed with it.
 */
const PAIRS = `
with parts as (
  select attrelid as relation, 'column' as kind, attname as name, null as schema, col_description(attrelid, attnum) as comment,
         concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                   attcollation::regcollation, pg_get_expr(adbin, adrelid)) as definition
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
   where attnum > 0 and not attisdropped
  union all
  select conrelid, 'constraint', conname, null, obj_description(oid, 'pg_constraint'),
         contype::text || ' ' || pg_get_constraintdef(oid)
    from pg_constraint
  union all
  select indrelid, 'index', index.relname, nspname, obj_description(indexrelid, 'pg_class'), indisunique::text || ' ' ||
         substr(pg_get_indexdef(indexrelid),
                length(format('CREATE %sINDEX %I ON %I.%I ', case when indisunique then 'UNIQUE ' end,
                              index.relname, nspname, relation.relname)))
    from pg_index
    join pg_class as index on index.oid = indexrelid
    join pg_class as relation on relation.oid = indrelid
    join pg_namespace on pg_namespace.oid = index.relnamespace
   where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
  union all
  select refobjid, 'sequence', relname, nspname, obj_description(objid, 'pg_class'), attname
    from pg_depend
    join pg_class on pg_class.oid = objid and relkind = 'S'
    join pg_namespace on pg_namespace.oid = relnamespace
    join pg_attribute on attrelid = refobjid and attnum = refobjsubid
   where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and deptype = 'i'
  union all
  select stxrelid, 'statistics', stxname, nspname, obj_description(stat.oid, 'pg_statistic_ext'),
         stxkind::text || pg_get_statisticsobjdef_columns(stat.oid)
    from pg_statistic_ext as stat join pg_namespace on pg_namespace.oid = stxnamespace
), numbered as (
  select *, row_number() over (partition by relation, kind, definition order by name) as nth
    from parts where relation in ($1, $2)
)
select kind, live.name as live, shadow.name as shadow,
       case when (live.name = shadow.name) is not false then null
            when kind = 'constraint'
              then format('alter table %s rename constraint %I to %I', $1::regclass, shadow.name, live.name)
            else format('alter %s %I.%I rename to %I', kind, shadow.schema, shadow.name, live.name) end as rename,
       case when live.name is null or live.comment is not distinct from shadow.comment then null
            when kind = 'constraint'
              then format('comment on constraint %I on %s is %L', live.name, $1::regclass, live.comment)
            when kind = 'column' then format('comment on column %s.%I is %L', $1::regclass, live.name, live.comment)
            else format('comment on %s %I.%I is %L', kind, live.schema, live.name, live.comment) end as remark
  from (select * from numbered where relation = $1) as live
  full join (select * from numbered where relation = $2) as shadow using (kind, definition, nth)`;

export function pairParts(manager: EntityManager, live: number, shadow: number): Promise<PartPair[]> {
  return manager.query<PartPair[]>(PAIRS, [live, shadow]);
}

/** An object that only one of the tables has. */
export function unmatchedPart(pairs: readonly PartPair[]): string | undefined {
  const stray = pairs.find(({ live, shadow }) => live === null || shadow === null);
  return stray && `${stray.kind} ${stray.live ?? stray.shadow}`;
}

/** Statements that give the shadow's objects the old table's names and comments, after it was dropped. */
export function restoring(pairs: readonly PartPair[]): string[] {
  return [...pairs.map(({ rename }) => rename), ...pairs.map(({ remark }) => remark)].filter((sql) => sql !== null);
}
