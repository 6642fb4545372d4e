import type { Namespace } from '../../../databases/namespace.js';

/**
 * The same as the function for batches, for the most frequent append: one event, without tags, command id and condition.
 * Values instead of arrays take a third of the time. The answer has the same form, with one value in each array.
 *
 * The text is frozen with its migration. A change needs a new migration with a text of its own.
 */
export const appendOne = ({ appendLock, channel }: Pick<Namespace, 'appendLock' | 'channel'>): string => `
create or replace function leftfold_append(
  p_stream text, p_expected bigint, p_partition integer, p_id uuid, p_type text, p_schema integer, p_data text,
  p_metadata text, p_actor text, p_correlation text,
  out head bigint, out stored_at bigint, out verdicts integer[], out actuals bigint[], out against bigint[]
) language plpgsql volatile
  set enable_seqscan = off
  set plan_cache_mode = force_generic_plan
as $$
declare
  actual bigint;
  closed bigint;
begin
  perform pg_advisory_xact_lock(${appendLock});

  select e.position, e.recorded_at into head, stored_at from leftfold_events e order by e.position desc limit 1;
  head := coalesce(head, 0);
  stored_at := greatest(coalesce(stored_at, 0), floor(extract(epoch from clock_timestamp()) * 1000)::bigint);
  select max(e.version) into actual from leftfold_events e where e.stream = p_stream;
  actual := coalesce(actual, 0);
  against := array[0];

  -- A stream without events is not closed.
  if actual > 0 then
    select min(t.position) into closed from leftfold_event_tags t where t.tag = 'closed ' || p_stream;
    if closed is not null then
      verdicts := array[4];
      actuals := array[-actual];
      against := array[closed];
      return;
    end if;
  end if;

  actuals := array[actual];
  if not (case p_expected when -1 then true when -2 then actual > 0 else actual = p_expected end) then
    verdicts := array[2];
    return;
  end if;

  verdicts := array[0];
  insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                      correlation_id, recorded_at, partition)
  values (head + 1, p_stream, actual + 1, p_id, p_type, p_schema, p_data, p_metadata, p_actor, p_correlation, stored_at,
          p_partition);
  perform pg_notify('${channel}', (head + 1)::text);
end $$`;
