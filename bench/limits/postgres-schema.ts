/**
 * The advisory lock makes positions follow the order of commits, without holes, as in Leftfold. Each statement of a
 * function sees what was committed before it, so what follows the lock sees the append before.
 */
export const SCHEMA = [
  `create table if not exists events (
     position bigint primary key, stream text collate "C" not null, version bigint not null, type text not null,
     data text not null, metadata text not null, recorded_at bigint not null, unique (stream, version))`,
  `create or replace function append_one(p_stream text, p_expected bigint, p_type text, p_data text, p_metadata text)
     returns bigint language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
   declare
     actual bigint;
   begin
     perform pg_advisory_xact_lock(1);
     select coalesce(max(version), 0) into actual from events where stream = p_stream;
     if actual = p_expected then
       insert into events
       select coalesce((select max(position) from events), 0) + 1, p_stream, actual + 1, p_type, p_data, p_metadata,
              floor(extract(epoch from clock_timestamp()) * 1000)::bigint;
     end if;
     return actual;
   end $$`,
  `create or replace function append_batch(
     p_stream text[], p_expected bigint[], p_type text[], p_data text[], p_metadata text[])
     returns bigint[] language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
   declare
     actuals bigint[];
   begin
     perform pg_advisory_xact_lock(1);
     select array_agg(coalesce((select max(e.version) from events e where e.stream = s.stream), 0) order by s.place)
       into actuals from unnest(p_stream) with ordinality s(stream, place);
     insert into events
     select coalesce((select max(position) from events), 0) + row_number() over (order by n.place), n.stream,
            n.expected + 1, n.type, n.data, n.metadata, floor(extract(epoch from clock_timestamp()) * 1000)::bigint
       from unnest(p_stream, p_expected, actuals, p_type, p_data, p_metadata)
            with ordinality n(stream, expected, actual, type, data, metadata, place)
      where n.expected = n.actual;
     return actuals;
   end $$`,
];
