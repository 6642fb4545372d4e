import type { Namespace } from '../../../databases/namespace.js';

/**
 * Stores a batch of appends in one statement. Its first statement takes the advisory lock, so each later one sees
 * everything committed before (READ COMMITTED takes a snapshot per statement). The lock holder assigns the next
 * positions and keeps the lock until its commit is visible. So positions have no holes and follow commit order.
 *
 * Appends of a batch share no stream, event id or command id, and none writes what the condition of another one reads.
 * Arrays with the same prefix belong together: `c_` commands, `n_` conditions (a row per item; its tags and types are
 * joined by spaces, and empty for any), `s_` streams, `e_` events, `t_` tags; `*_append` is the number of the append,
 * from 1. Verdicts: 0 stored, 1 command id known, 2 version, 3 condition, 4 a closed stream. Against is the position of
 * the event that the condition matches, or that closed the stream; the version of that stream in actuals is negative
 * then.
 *
 * Rows are numbers whose values are taken from the arrays: `unnest` of 11 arrays makes 11 lists in memory for each call,
 * which costs more than the rest of a small append. A series keeps its order. What is needed only after a refusal, or
 * only for streams with events, is not asked otherwise.
 *
 * The plans are cached while the tables are still empty. So the planner is restricted to indexes, and lookups are
 * scalar or lateral subqueries, which can't become a join that reads a whole table.
 *
 * The text is frozen with its migration. A change needs a new migration with a text of its own.
 */
export const append = ({ appendLock, channel }: Pick<Namespace, 'appendLock' | 'channel'>): string => `
create or replace function leftfold_append(
  p_appends integer,
  c_append integer[], c_id uuid[], c_result text[], c_fingerprint text[], c_keep bigint[],
  n_append integer[], n_after bigint[], n_tags text[], n_types text[],
  s_append integer[], s_stream text[], s_expected bigint[], s_events integer[],
  e_append integer[], e_slot integer[], e_number integer[], e_stream text[], e_partition integer[], e_id uuid[],
  e_type text[], e_schema integer[], e_data text[], e_metadata text[], e_actor text[], e_correlation text[],
  t_ordinal integer[], t_tag text[],
  out head bigint, out stored_at bigint, out verdicts integer[], out actuals bigint[], out against bigint[]
) language plpgsql volatile
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  refusal record;
  positions bigint[];
  inserted bigint;
begin
  perform pg_advisory_xact_lock(${appendLock});

  select e.position, e.recorded_at into head, stored_at from leftfold_events e order by e.position desc limit 1;
  head := coalesce(head, 0);
  stored_at := greatest(coalesce(stored_at, 0), floor(extract(epoch from clock_timestamp()) * 1000)::bigint);
  verdicts := array_fill(0, array[p_appends]);
  against := array_fill(0::bigint, array[p_appends]);

  actuals := array(
    select coalesce((select max(e.version) from leftfold_events e where e.stream = s_stream[i]), 0)
      from generate_series(1, cardinality(s_stream)) i);

  if cardinality(c_id) > 0 then
    delete from leftfold_commands k where k.command_id = any (c_id) and k.expires_at < stored_at;
    for refusal in
      select c_append[i] as append from generate_series(1, cardinality(c_id)) i
       where (select count(*) from leftfold_commands k where k.command_id = c_id[i]) > 0
    loop
      verdicts[refusal.append] := 1;
    end loop;
  end if;

  -- A stream without events is not closed.
  if actuals <> array_fill(0::bigint, array[cardinality(actuals)]) then
    for refusal in
      select c.append, c.slot, c.closed
        from (
          select s_append[i] as append, i as slot,
                 (select min(t.position) from leftfold_event_tags t where t.tag = 'closed ' || s_stream[i]) as closed
            from generate_series(1, cardinality(s_stream)) i
           where s_events[i] > 0 and actuals[i] > 0
        ) c
       where c.closed is not null
       order by c.slot
    loop
      if verdicts[refusal.append] = 0 then
        verdicts[refusal.append] := 4;
        against[refusal.append] := refusal.closed;
        actuals[refusal.slot] := -actuals[refusal.slot];
      end if;
    end loop;
  end if;

  if actuals <> s_expected then
    for refusal in
      select s_append[i] as append from generate_series(1, cardinality(s_stream)) i
       where not case s_expected[i] when -1 then true when -2 then actuals[i] > 0 else actuals[i] = s_expected[i] end
    loop
      if verdicts[refusal.append] = 0 then verdicts[refusal.append] := 2; end if;
    end loop;
  end if;

  if cardinality(n_append) > 0 then
    for refusal in
      select n.append, min(f.position) as position
        from (
          select n_append[i] as append, n_after[i] as after, string_to_array(n_tags[i], ' ') as tags,
                 string_to_array(n_types[i], ' ') as types
            from generate_series(1, cardinality(n_append)) i
        ) n
       cross join lateral (
         select case
           when cardinality(n.tags) > 0 then (
             select t.position from leftfold_event_tags t
              where t.tag = n.tags[1] and t.position > n.after
                and (select count(*) from unnest(n.tags) w(tag)
                      where (select count(*) from leftfold_event_tags o
                              where o.tag = w.tag and o.position = t.position) = 0) = 0
                and (cardinality(n.types) = 0
                     or (select e.type from leftfold_events e where e.position = t.position) = any (n.types))
              order by t.position limit 1)
           when cardinality(n.types) > 0 then (
             select min(x.position) from unnest(n.types) w(type)
              cross join lateral (
                select e.position from leftfold_events e
                 where (e.type, e.position) > (w.type, n.after) and e.type <= w.type
                 order by e.type, e.position limit 1
              ) x)
           when head > n.after then n.after + 1
         end as position
       ) f
       where f.position is not null
       group by n.append
    loop
      if verdicts[refusal.append] = 0 then
        verdicts[refusal.append] := 3;
        against[refusal.append] := refusal.position;
      end if;
    end loop;
  end if;

  -- Without a refusal, the positions follow one another.
  if verdicts <> array_fill(0, array[p_appends]) then
    positions := array(
      select case when stored then head + place else 0 end
        from (
          select i, verdicts[e_append[i]] = 0 as stored,
                 count(*) filter (where verdicts[e_append[i]] = 0) over (order by i) as place
            from generate_series(1, cardinality(e_append)) i
        ) numbered
       order by i);
  end if;

  insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                      correlation_id, recorded_at, partition)
  select coalesce(positions[i], head + i), e_stream[i], actuals[e_slot[i]] + e_number[i], e_id[i], e_type[i],
         e_schema[i], e_data[i], e_metadata[i], e_actor[i], e_correlation[i], stored_at, e_partition[i]
    from generate_series(1, cardinality(e_append)) i
   where positions is null or positions[i] > 0;
  get diagnostics inserted = row_count;

  if cardinality(t_tag) > 0 then
    insert into leftfold_event_tags (tag, position)
    select t_tag[i], coalesce(positions[t_ordinal[i]], head + t_ordinal[i])
      from generate_series(1, cardinality(t_tag)) i
     where positions is null or positions[t_ordinal[i]] > 0;
  end if;

  if cardinality(c_id) > 0 then
    insert into leftfold_commands (command_id, position, versions, result, fingerprint, expires_at, recorded_at)
    select c_id[i],
           case when a.events > 0 then a.last else coalesce(a.unchanged, 0) end,
           coalesce(a.versions, '{}'), c_result[i], c_fingerprint[i], stored_at + c_keep[i], stored_at
      from generate_series(1, cardinality(c_id)) i
      left join (
        select s.append,
               sum(s.events) as events,
               head + sum(sum(case when verdicts[s.append] = 0 then s.events else 0 end)) over (order by s.append) as last,
               json_object_agg(s.stream, s.actual + s.events)::text as versions,
               max((select e.position from leftfold_events e where e.stream = s.stream and e.version = s.actual)) as unchanged
          from (
            select s_append[j] as append, s_stream[j] as stream, s_events[j] as events, actuals[j] as actual
              from generate_series(1, cardinality(s_stream)) j
          ) s
         group by s.append
      ) a on a.append = c_append[i]
     where verdicts[c_append[i]] = 0;
  end if;

  if inserted > 0 then perform pg_notify('${channel}', (head + inserted)::text); end if;
end $$`;
