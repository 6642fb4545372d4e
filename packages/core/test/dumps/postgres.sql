begin;
set local check_function_bodies = false;

CREATE FUNCTION public.append_events(p_appends integer, c_append integer[], c_id uuid[], c_result text[], c_fingerprint text[], c_keep bigint[], n_append integer[], n_after bigint[], n_tag text[], n_type text[], s_append integer[], s_stream text[], s_expected bigint[], s_events integer[], e_append integer[], e_slot integer[], e_number integer[], e_stream text[], e_partition integer[], e_id uuid[], e_type text[], e_schema integer[], e_data text[], e_metadata text[], e_actor text[], e_correlation text[], t_ordinal integer[], t_tag text[], OUT head bigint, OUT stored_at bigint, OUT verdicts integer[], OUT actuals bigint[], OUT against bigint[]) RETURNS record
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
declare
  refusal record;
  positions bigint[];
begin
  perform pg_advisory_xact_lock(7305802);

  select e.position, e.recorded_at into head, stored_at from events e order by e.position desc limit 1;
  head := coalesce(head, 0);
  stored_at := greatest(coalesce(stored_at, 0), floor(extract(epoch from clock_timestamp()) * 1000)::bigint);
  verdicts := array_fill(0, array[p_appends]);
  against := array_fill(0::bigint, array[p_appends]);

  select array_agg(coalesce((select max(e.version) from events e where e.stream = s.stream), 0) order by s.slot)
    into actuals from unnest(s_stream) with ordinality s(stream, slot);

  if cardinality(c_id) > 0 then
    delete from commands k where k.command_id = any (c_id) and k.expires_at < stored_at;
    for refusal in
      select c.append from unnest(c_append, c_id) c(append, id)
       where (select count(*) from commands k where k.command_id = c.id) > 0
    loop
      verdicts[refusal.append] := 1;
    end loop;
  end if;

  for refusal in
    select s.append from unnest(s_append, s_expected, actuals) s(append, expected, actual)
     where not case s.expected when -1 then true when -2 then s.actual > 0 else s.actual = s.expected end
  loop
    if verdicts[refusal.append] = 0 then verdicts[refusal.append] := 2; end if;
  end loop;

  if cardinality(n_tag) > 0 then
    for refusal in
      select n.append, min(f.position) as position
        from unnest(n_append, n_after, n_tag, n_type) n(append, after, tag, type)
       cross join lateral (
         select min(t.position) as position from event_tags t
          where t.tag = n.tag and t.position > n.after
            and (n.type is null or (select e.type from events e where e.position = t.position) = n.type)
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

  select array_agg(case when stored then head + place else 0 end order by ordinal) into positions
    from (
      select e.ordinal, verdicts[e.append] = 0 as stored,
             count(*) filter (where verdicts[e.append] = 0) over (order by e.ordinal) as place
        from unnest(e_append) with ordinality e(append, ordinal)
    ) numbered;

  insert into events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                      correlation_id, recorded_at, partition)
  select positions[e.ordinal], e.stream, actuals[e.slot] + e.number, e.id, e.type, e.schema, e.data, e.metadata,
         e.actor, e.correlation, stored_at, e.partition
    from unnest(e_slot, e_number, e_stream, e_partition, e_id, e_type, e_schema, e_data, e_metadata, e_actor,
                e_correlation)
         with ordinality e(slot, number, stream, partition, id, type, schema, data, metadata, actor, correlation,
                           ordinal)
   where positions[e.ordinal] > 0;

  if cardinality(t_tag) > 0 then
    insert into event_tags (tag, position)
    select t.tag, positions[t.ordinal] from unnest(t_ordinal, t_tag) t(ordinal, tag) where positions[t.ordinal] > 0;
  end if;

  if cardinality(c_id) > 0 then
    insert into commands (command_id, position, versions, result, fingerprint, expires_at, recorded_at)
    select c.id,
           case when a.events > 0 then a.last else coalesce(a.unchanged, 0) end,
           coalesce(a.versions, '{}'), c.result, c.fingerprint, stored_at + c.keep, stored_at
      from unnest(c_append, c_id, c_result, c_fingerprint, c_keep) c(append, id, result, fingerprint, keep)
      left join (
        select s.append,
               sum(s.events) as events,
               head + sum(sum(case when verdicts[s.append] = 0 then s.events else 0 end)) over (order by s.append) as last,
               json_object_agg(s.stream, s.actual + s.events)::text as versions,
               max((select e.position from events e where e.stream = s.stream and e.version = s.actual)) as unchanged
          from unnest(s_append, s_stream, s_events, actuals) s(append, stream, events, actual)
         group by s.append
      ) a on a.append = c.append
     where verdicts[c.append] = 0;
  end if;

  if positions is not null and (select max(p) from unnest(positions) p) > 0 then
    perform pg_notify('leftfold_events', head::text);
  end if;
end $$;

CREATE FUNCTION public.refuse_change_of_events() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
   begin
     raise exception 'Events are never changed or deleted. Append a compensating event instead.' using errcode = 'integrity_constraint_violation';
   end $$;

CREATE TABLE public.commands (
    command_id uuid NOT NULL,
    "position" bigint NOT NULL,
    versions text NOT NULL,
    result text,
    fingerprint text,
    expires_at bigint,
    recorded_at bigint NOT NULL
);

CREATE TABLE public.counter_view (
    counter_id text NOT NULL,
    value integer NOT NULL,
    applied text NOT NULL
);

CREATE TABLE public.event_log (
    log_id uuid NOT NULL,
    tag_key text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE public.event_tags (
    tag text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL
);

CREATE TABLE public.events (
    "position" bigint NOT NULL,
    stream text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    schema_version integer NOT NULL,
    data text NOT NULL,
    metadata text NOT NULL,
    actor text NOT NULL,
    correlation_id text NOT NULL,
    recorded_at bigint NOT NULL,
    partition integer NOT NULL,
    CONSTRAINT events_partition_check CHECK (((partition >= 0) AND (partition <= 1023)))
);

CREATE TABLE public.migrations_events (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE public.migrations_events_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.migrations_events_id_seq OWNED BY public.migrations_events.id;

CREATE TABLE public.migrations_views (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE public.migrations_views_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.migrations_views_id_seq OWNED BY public.migrations_views.id;

CREATE TABLE public.parked_events (
    id text NOT NULL,
    subscription text NOT NULL,
    stream text NOT NULL,
    "position" bigint NOT NULL,
    state text NOT NULL,
    due_at bigint,
    tries integer NOT NULL,
    attempts integer NOT NULL,
    first_failed_at bigint,
    last_failed_at bigint,
    error text,
    stack text
);

CREATE TABLE public.read_model_tables (
    table_name text NOT NULL,
    read_model text NOT NULL
);

CREATE TABLE public.read_models (
    name text NOT NULL,
    version integer NOT NULL,
    log_id text NOT NULL,
    "position" bigint NOT NULL,
    event_id text,
    handled bigint NOT NULL,
    owner text,
    epoch bigint NOT NULL,
    expires_at bigint NOT NULL,
    last_error text,
    types text,
    start_position bigint DEFAULT 0 NOT NULL,
    parked bigint DEFAULT 0 NOT NULL,
    discarded bigint DEFAULT 0 NOT NULL,
    halted text,
    attempt_position bigint,
    attempts integer DEFAULT 0 NOT NULL,
    rebuild text,
    rebuild_plan text,
    rebuild_position bigint,
    rebuild_event_id text,
    rebuild_handled bigint DEFAULT 0 NOT NULL,
    rebuild_started_at bigint,
    rebuild_deaths integer DEFAULT 0 NOT NULL,
    rebuild_error text,
    rebuild_report text,
    rebuild_dry_run integer DEFAULT 0 NOT NULL
);

CREATE TABLE public.saga_commands (
    id text NOT NULL,
    saga text NOT NULL,
    stream text NOT NULL,
    "position" bigint NOT NULL,
    place integer NOT NULL,
    line text,
    name text NOT NULL,
    version integer NOT NULL,
    data text NOT NULL,
    correlation_id text NOT NULL,
    causation_id text NOT NULL,
    traceparent text,
    state text NOT NULL,
    due_at bigint,
    claimed_by text,
    tries integer DEFAULT 0 NOT NULL,
    deaths integer DEFAULT 0 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    letter_id text,
    first_failed_at bigint,
    last_failed_at bigint,
    error text,
    stack text,
    schedule_key text,
    otherwise_id text,
    otherwise_name text,
    otherwise_version integer,
    otherwise_data text,
    party text DEFAULT ''::text NOT NULL,
    turn bigint DEFAULT 0 NOT NULL
);

CREATE TABLE public.snapshots (
    stream text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    event_id text NOT NULL,
    schema_version integer NOT NULL,
    state text NOT NULL
);

CREATE TABLE public.subscriptions (
    name text NOT NULL,
    version integer NOT NULL,
    types text,
    log_id text NOT NULL,
    start_position bigint DEFAULT 0 NOT NULL,
    "position" bigint NOT NULL,
    event_id text,
    handled bigint NOT NULL,
    parked bigint DEFAULT 0 NOT NULL,
    discarded bigint DEFAULT 0 NOT NULL,
    owner text,
    epoch bigint NOT NULL,
    expires_at bigint NOT NULL,
    halted text,
    last_error text,
    attempt_position bigint,
    attempts integer DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.migrations_events ALTER COLUMN id SET DEFAULT nextval('public.migrations_events_id_seq'::regclass);

ALTER TABLE ONLY public.migrations_views ALTER COLUMN id SET DEFAULT nextval('public.migrations_views_id_seq'::regclass);

INSERT INTO public.commands VALUES ('5b7bc154-2bac-5ef2-82c2-b6fd827bca14', 3, '{ "counter-01a21839-5123-70c9-9e0a-def3a3e5be21" : 3 }', '{"loweredBy":7}', NULL, NULL, 1795702739498);

INSERT INTO public.counter_view VALUES ('01a21839-5123-70c9-9e0a-def3a3e5be21', 0, '[1,2,3]');

INSERT INTO public.event_log VALUES ('688e92f3-7a3b-45b4-bc55-b8445e89b38d', '71OkqE7Hd1ho-ro085r0IjQ_kRnuTKMi0PAMp7NQ7BU', 1795702738847);

INSERT INTO public.event_tags VALUES ('dlrFUeYV5mRz29t6kTfO4r8zQQoSBkePY-gFdg-fC3Q', 1);

INSERT INTO public.events VALUES (1, 'counter-01a21839-5123-70c9-9e0a-def3a3e5be21', 1, '01a21839-5146-74d0-8622-10810084f407', 'counters.counter-opened', 1, '{"counterId":"01a21839-5123-70c9-9e0a-def3a3e5be21","name":"01a21839-5123-70c9-9e0a-def3a3e5be21"}', '{}', 'system', '01a21839-5123-70c9-9e0a-e3bd24399f83', 1795702739304, 327);
INSERT INTO public.events VALUES (2, 'counter-01a21839-5123-70c9-9e0a-def3a3e5be21', 2, '01a21839-519d-748e-a420-86dcf7dd2940', 'counters.counter-raised', 1, '{"counterId":"01a21839-5123-70c9-9e0a-def3a3e5be21","by":7}', '{}', 'tester', '01a21839-5189-73c0-bf52-26be62baab88', 1795702739359, 327);
INSERT INTO public.events VALUES (3, 'counter-01a21839-5123-70c9-9e0a-def3a3e5be21', 3, '01a21839-5227-7127-9f9d-d33439f38a7d', 'counters.counter-raised', 1, '{"counterId":"01a21839-5123-70c9-9e0a-def3a3e5be21","by":-7}', '{"causationId":"01a21839-519d-748e-a420-86dcf7dd2940","commandId":"5b7bc154-2bac-5ef2-82c2-b6fd827bca14"}', 'saga:counters.levelling', '01a21839-5189-73c0-bf52-26be62baab88', 1795702739498, 327);

INSERT INTO public.migrations_events VALUES (1, 1750000000000, 'CreateEventLog1750000000000');
INSERT INTO public.migrations_events VALUES (2, 1750000200000, 'CreateSnapshots1750000200000');
INSERT INTO public.migrations_events VALUES (3, 1750000300000, 'CreateSubscriptions1750000300000');
INSERT INTO public.migrations_events VALUES (4, 1750000400000, 'CreateSagaCommands1750000400000');
INSERT INTO public.migrations_events VALUES (5, 1750000500000, 'IndexLookUps1750000500000');
INSERT INTO public.migrations_events VALUES (6, 1750000700000, 'AddSchedules1750000700000');
INSERT INTO public.migrations_events VALUES (7, 1750001200000, 'AddTurns1750001200000');

INSERT INTO public.migrations_views VALUES (1, 1750000000000, 'CreateReadModelState1750000000000');
INSERT INTO public.migrations_views VALUES (2, 1750000300000, 'ExtendReadModelState1750000300000');
INSERT INTO public.migrations_views VALUES (3, 1750000600000, 'AddDryRuns1750000600000');
INSERT INTO public.migrations_views VALUES (4, 1750000900000, 'CreateReadModelTables1750000900000');
INSERT INTO public.migrations_views VALUES (5, 1750000900000, 'CreateCounterView1750000900000');

INSERT INTO public.read_model_tables VALUES ('counter_view', 'counters.counter-view');

INSERT INTO public.read_models VALUES ('counters.counter-view', 1, '688e92f3-7a3b-45b4-bc55-b8445e89b38d', 3, '01a21839-5227-7127-9f9d-d33439f38a7d', 3, NULL, 1, 0, NULL, '["counters.counter-opened","counters.counter-raised"]', 0, 0, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, 0);

INSERT INTO public.subscriptions VALUES ('counters.levelling', 1, '["counters.counter-opened","counters.counter-raised"]', '688e92f3-7a3b-45b4-bc55-b8445e89b38d', 0, 3, '01a21839-5227-7127-9f9d-d33439f38a7d', 3, 0, 0, NULL, 1, 0, NULL, NULL, NULL, 0);

SELECT pg_catalog.setval('public.migrations_events_id_seq', 7, true);

SELECT pg_catalog.setval('public.migrations_views_id_seq', 5, true);

ALTER TABLE ONLY public.migrations_views
    ADD CONSTRAINT "PK_0537d0753c1fdc7ef03f1b6872d" PRIMARY KEY (id);

ALTER TABLE ONLY public.migrations_events
    ADD CONSTRAINT "PK_3532a5c6c2d4f063f06729fe2d3" PRIMARY KEY (id);

ALTER TABLE ONLY public.commands
    ADD CONSTRAINT commands_pkey PRIMARY KEY (command_id);

ALTER TABLE ONLY public.counter_view
    ADD CONSTRAINT counter_view_pkey PRIMARY KEY (counter_id);

ALTER TABLE ONLY public.event_log
    ADD CONSTRAINT event_log_pkey PRIMARY KEY (log_id);

ALTER TABLE ONLY public.event_tags
    ADD CONSTRAINT event_tags_pkey PRIMARY KEY (tag, "position");

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_event_id UNIQUE (event_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_stream_version UNIQUE (stream, version);

ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_position UNIQUE (subscription, "position");

ALTER TABLE ONLY public.read_model_tables
    ADD CONSTRAINT read_model_tables_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY public.read_models
    ADD CONSTRAINT read_models_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.saga_commands
    ADD CONSTRAINT saga_commands_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (stream);

ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (name);

CREATE INDEX commands_expires_at ON public.commands USING btree (expires_at);

CREATE INDEX events_actor_position ON public.events USING btree (actor, "position");

CREATE INDEX events_category_position ON public.events USING btree (split_part(stream, '-'::text, 1), "position");

CREATE INDEX events_correlation_id_position ON public.events USING btree (correlation_id, "position");

CREATE INDEX events_type_position ON public.events USING btree (type, "position");

CREATE INDEX parked_events_due ON public.parked_events USING btree (subscription, due_at);

CREATE INDEX parked_events_state ON public.parked_events USING btree (state, id);

CREATE INDEX parked_events_stream ON public.parked_events USING btree (subscription, stream, "position");

CREATE INDEX saga_commands_due ON public.saga_commands USING btree (due_at);

CREATE UNIQUE INDEX saga_commands_letter ON public.saga_commands USING btree (letter_id);

CREATE INDEX saga_commands_line ON public.saga_commands USING btree (saga, line, "position", place);

CREATE INDEX saga_commands_party ON public.saga_commands USING btree (party, turn);

CREATE INDEX saga_commands_schedule ON public.saga_commands USING btree (saga, schedule_key);

CREATE INDEX saga_commands_turn ON public.saga_commands USING btree (turn) WHERE (due_at IS NOT NULL);

CREATE TRIGGER events_are_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change_of_events();

commit;
