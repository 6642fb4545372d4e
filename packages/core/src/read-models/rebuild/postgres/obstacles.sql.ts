/**
 * Reasons why a table ($1) must not be swapped for a copy: objects that depend on it, and features that LIKE does not
 * copy.
 */
export const OBSTACLES = `
select 'it is no ordinary table' as reason from pg_class where oid = $1 and relkind <> 'r'
union all
select format('the foreign key %I ties %s to %s', conname, conrelid::regclass, confrelid::regclass)
  from pg_constraint where contype = 'f' and $1 in (conrelid, confrelid)
union all
select format('it has the trigger %I', tgname) from pg_trigger where tgrelid = $1 and not tgisinternal
union all
select format('it has the rule %I', rulename) from pg_rewrite where ev_class = $1
union all
select format('it inherits from %s', inhparent::regclass) from pg_inherits where inhrelid = $1
union all
select format('%s inherits from it', inhrelid::regclass) from pg_inherits where inhparent = $1
union all
select format('the publication %I has it', pubname)
  from pg_publication_rel join pg_publication on pg_publication.oid = prpubid where prrelid = $1
union all
select 'it has row security' from pg_class
 where oid = $1 and (relrowsecurity or exists (select from pg_policy where polrelid = $1))
union all
select 'it is of a composite type' from pg_class where oid = $1 and reloftype <> 0
union all
select 'it has a replica identity of its own' from pg_class where oid = $1 and relreplident <> 'd'
union all
select format('rights are granted on its column %I alone', attname) from pg_attribute where attrelid = $1 and attacl is not null
union all
select format('its column %I has settings for statistics', attname) from pg_attribute
 where attrelid = $1 and attnum > 0 and not attisdropped and (attoptions is not null or attstattarget >= 0)
union all
select case classid when 'pg_rewrite'::regclass
         then (select format('the view %s reads it', ev_class::regclass) from pg_rewrite where oid = objid)
         else format('the %s depends on it', pg_describe_object(classid, objid, objsubid)) end
  from pg_depend
 where deptype = 'n'
   and (refclassid = 'pg_class'::regclass and refobjid = $1
        or refclassid = 'pg_type'::regclass
           and refobjid in (select oid from pg_type where typrelid = $1
                            union select typarray from pg_type where typrelid = $1))
   and classid not in ('pg_constraint'::regclass, 'pg_attrdef'::regclass, 'pg_statistic_ext'::regclass)
   and not (classid = 'pg_class'::regclass and objid in (select indexrelid from pg_index where indrelid = $1))
limit 1`;
