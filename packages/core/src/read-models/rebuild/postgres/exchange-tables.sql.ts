/**
 * Queries that return the statements to run, as `sql`, in order. The server generates them, because it quotes names and
 * knows the catalogue. $1 is the live table and $2 its shadow, by object id unless noted otherwise.
 */

/** $2 is the shadow's name. Adds what LIKE does not copy: persistence, access method, parameters, tablespace. */
export const CREATE_SHADOW = `
select format('create %s table %I.%I (like %s including all) using %I %s %s',
              case relpersistence when 'u' then 'unlogged' end, nspname, $2::text, live.oid::regclass, amname,
              (select 'with (' || string_agg(format('%s = %L', split_part(option, '=', 1),
                                                    substr(option, strpos(option, '=') + 1)), ', ') || ')'
                 from (select unnest(live.reloptions) as option
                       union all
                       select 'toast.' || unnest(reloptions) from pg_class where oid = live.reltoastrelid) as options),
              (select format('tablespace %I', spcname) from pg_tablespace where oid = live.reltablespace)) as sql
  from pg_class as live
  join pg_namespace on pg_namespace.oid = live.relnamespace
  join pg_am on pg_am.oid = live.relam
 where live.oid = $1`;

/**
 * $1 is a list, and $2 the lock mode. Locks all tables before the first is swapped, so that nothing changes between the
 * checks and the swap.
 */
export const LOCK = `
select format('lock table %s in %s mode', string_agg(oid::regclass::text, ', ' order by oid), $2::text) as sql
  from pg_class where oid = any($1::oid[])`;

/** A sequence owned by a column would be dropped with the old table, though the shadow's default uses it. */
export const MOVE_SEQUENCES = `
select format('alter table %s owner to %s', $2::regclass, live.relowner::regrole) as sql
  from pg_class as live, pg_class as shadow
 where live.oid = $1 and shadow.oid = $2 and live.relowner <> shadow.relowner
union all
select format('alter sequence %s owned by %s.%I', objid::regclass, $2::regclass, attname)
  from pg_depend
  join pg_attribute on attrelid = refobjid and attnum = refobjsubid
 where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and refobjid = $1 and deptype = 'a'
   and objid in (select oid from pg_class where relkind = 'S')`;

/** Copies privileges and comment. Default privileges of a new table that the old one lacks are revoked. */
export const COPY_PRIVILEGES = `
with rights as (
  select oid, coalesce(relacl, acldefault('r', relowner)) as list from pg_class where oid in ($1, $2)
), differing as (
  select oid, grantee, privilege_type, is_grantable
    from rights, aclexplode(list)
   where (select count(distinct list::text) from rights) > 1
), named as (
  select *, case grantee when 0 then 'public' else grantee::regrole::text end as role from differing
)
select sql from (
  select distinct 1 as turn, format('revoke all on %s from %s', $2::regclass, role) as sql from named where oid = $2
  union all
  select 2, format('grant %s on %s to %s%s', privilege_type, $2::regclass, role,
                   case when is_grantable then ' with grant option' end) from named where oid = $1
  union all
  select 3, format('comment on table %s is %L', $2::regclass, description)
    from pg_description where classoid = 'pg_class'::regclass and objoid = $1 and objsubid = 0
) as statements order by turn`;

export const EXCHANGE = `
select format('drop table %s', $1::regclass) as sql
union all
select format('alter table %s rename to %I', $2::regclass, relname) from pg_class where oid = $1`;
