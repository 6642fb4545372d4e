PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "migrations_events" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);
INSERT INTO migrations_events VALUES(1,1750000000000,'CreateEventLog1750000000000');
INSERT INTO migrations_events VALUES(2,1750000200000,'CreateSnapshots1750000200000');
INSERT INTO migrations_events VALUES(3,1750000300000,'CreateSubscriptions1750000300000');
INSERT INTO migrations_events VALUES(4,1750000400000,'CreateSagaCommands1750000400000');
INSERT INTO migrations_events VALUES(5,1750000500000,'IndexLookUps1750000500000');
INSERT INTO migrations_events VALUES(6,1750000700000,'AddSchedules1750000700000');
INSERT INTO migrations_events VALUES(7,1750001200000,'AddTurns1750001200000');
CREATE TABLE events (
     position integer primary key not null,
     stream text not null,
     version integer not null,
     event_id text not null unique,
     type text not null,
     schema_version integer not null,
     data text not null,
     metadata text not null,
     actor text not null,
     correlation_id text not null,
     recorded_at integer not null,
     partition integer not null check (partition between 0 and 1023),
     constraint events_stream_version unique (stream, version)
   );
INSERT INTO events VALUES(1,'counter-01a21839-44c5-74dc-8aed-1bb8437cdaf9',1,'01a21839-44ce-73f5-afa8-7802e03bf1d7','counters.counter-opened',1,'{"counterId":"01a21839-44c5-74dc-8aed-1bb8437cdaf9","name":"01a21839-44c5-74dc-8aed-1bb8437cdaf9"}','{}','system','01a21839-44ca-7526-bc8e-ffdaceed6cc2',1795702736093,653);
INSERT INTO events VALUES(2,'counter-01a21839-44c5-74dc-8aed-1bb8437cdaf9',2,'01a21839-44e7-72c8-a9d7-227cc9c97c9c','counters.counter-raised',1,'{"counterId":"01a21839-44c5-74dc-8aed-1bb8437cdaf9","by":7}','{}','tester','01a21839-44e5-721e-8cfb-7327a8b6f0df',1795702736112,653);
INSERT INTO events VALUES(3,'counter-01a21839-44c5-74dc-8aed-1bb8437cdaf9',3,'01a21839-4531-7744-8527-32c45272eaef','counters.counter-raised',1,'{"counterId":"01a21839-44c5-74dc-8aed-1bb8437cdaf9","by":-7}','{"causationId":"01a21839-44e7-72c8-a9d7-227cc9c97c9c","commandId":"79a00ec1-e092-5db2-9925-56a2e2f4128b"}','saga:counters.levelling','01a21839-44e5-721e-8cfb-7327a8b6f0df',1795702736195,653);
CREATE TABLE event_tags (
     tag text not null,
     position integer not null,
     primary key (tag, position)
   ) without rowid;
INSERT INTO event_tags VALUES('y7CE9aoYYi4dOUC5wqE8yaVJo0lnuBaxOc2SVVfGxsw',1);
CREATE TABLE commands (
     command_id text primary key not null,
     position integer not null,
     versions text not null,
     result text,
     fingerprint text,
     expires_at integer,
     recorded_at integer not null
   );
INSERT INTO commands VALUES('79a00ec1-e092-5db2-9925-56a2e2f4128b',3,'{"counter-01a21839-44c5-74dc-8aed-1bb8437cdaf9":3}','{"loweredBy":7}',NULL,NULL,1795702736195);
CREATE TABLE event_log (log_id text primary key not null, tag_key text not null, created_at integer not null);
INSERT INTO event_log VALUES('cc5f0900-9aa8-46ec-8003-e1ec275d23b7','ooWfYa-p1Wgv0i4jmcIA-z-F4fBxvJzbBGdPHlH0NIc',1795702735997);
CREATE TABLE snapshots (
         stream text  primary key not null,
         version integer not null,
         event_id text not null,
         schema_version integer not null,
         state text not null
       );
CREATE TABLE subscriptions (
         name text primary key not null,
         version integer not null,
         types text,
         log_id text not null,
         start_position integer not null default 0,
         position integer not null,
         event_id text,
         handled integer not null,
         parked integer not null default 0,
         discarded integer not null default 0,
         owner text,
         epoch integer not null,
         expires_at integer not null,
         halted text,
         last_error text,
         attempt_position integer,
         attempts integer not null default 0
       );
INSERT INTO subscriptions VALUES('counters.levelling',1,'["counters.counter-opened","counters.counter-raised"]','cc5f0900-9aa8-46ec-8003-e1ec275d23b7',0,2,'01a21839-44e7-72c8-a9d7-227cc9c97c9c',2,0,0,NULL,1,0,NULL,NULL,NULL,0);
CREATE TABLE parked_events (
         id text primary key not null,
         subscription text not null,
         stream text not null,
         position integer not null,
         state text not null,
         due_at integer,
         tries integer not null,
         attempts integer not null,
         first_failed_at integer,
         last_failed_at integer,
         error text,
         stack text,
         constraint parked_events_position unique (subscription, position)
       );
CREATE TABLE saga_commands (
         id text primary key not null,
         saga text not null,
         stream text not null,
         position integer not null,
         place integer not null,
         line text,
         name text not null,
         version integer not null,
         data text not null,
         correlation_id text not null,
         causation_id text not null,
         traceparent text,
         state text not null,
         due_at integer,
         claimed_by text,
         tries integer not null default 0,
         deaths integer not null default 0,
         attempts integer not null default 0,
         letter_id text,
         first_failed_at integer,
         last_failed_at integer,
         error text,
         stack text
       , schedule_key text, otherwise_id text, otherwise_name text, otherwise_version integer, otherwise_data text, party text not null default '', turn integer not null default 0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('migrations_events',7);
CREATE INDEX events_type_position on events (type, position);
CREATE INDEX commands_expires_at on commands (expires_at);
CREATE TRIGGER events_are_not_updated before update on events begin select raise(abort, 'Events are never changed or deleted. Append a compensating event instead.'); end;
CREATE TRIGGER events_are_not_deleted before delete on events begin select raise(abort, 'Events are never changed or deleted. Append a compensating event instead.'); end;
CREATE TRIGGER events_are_not_replaced before insert on events
     when exists (
       select 1 from events
        where position = new.position or event_id = new.event_id or (stream = new.stream and version = new.version)
     )
     begin select raise(abort, 'An event of this position, event id or version is stored already.'); end;
CREATE INDEX parked_events_stream on parked_events (subscription, stream, position);
CREATE INDEX parked_events_due on parked_events (subscription, due_at);
CREATE INDEX parked_events_state on parked_events (state, id);
CREATE INDEX saga_commands_line on saga_commands (saga, line, position, place);
CREATE INDEX saga_commands_due on saga_commands (due_at);
CREATE UNIQUE INDEX saga_commands_letter on saga_commands (letter_id);
CREATE INDEX events_actor_position on events (actor, position);
CREATE INDEX events_correlation_id_position on events (correlation_id, position);
CREATE INDEX events_category_position on events ((substr(stream, 1, instr(stream, '-') - 1)), position);
CREATE INDEX saga_commands_schedule on saga_commands (saga, schedule_key);
CREATE INDEX saga_commands_turn on saga_commands (turn) where due_at is not null;
CREATE INDEX saga_commands_party on saga_commands (party, turn);
COMMIT;
