PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "migrations_views" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);
INSERT INTO migrations_views VALUES(1,1750000000000,'CreateReadModelState1750000000000');
INSERT INTO migrations_views VALUES(2,1750000300000,'ExtendReadModelState1750000300000');
INSERT INTO migrations_views VALUES(3,1750000600000,'AddDryRuns1750000600000');
INSERT INTO migrations_views VALUES(4,1750000900000,'CreateReadModelTables1750000900000');
INSERT INTO migrations_views VALUES(5,1750000900000,'CreateCounterView1750000900000');
CREATE TABLE read_models (
         name text primary key not null,
         version integer not null,
         log_id text not null,
         position integer not null,
         event_id text,
         handled integer not null,
         owner text,
         epoch integer not null,
         expires_at integer not null,
         last_error text
       , types text, start_position integer not null default 0, parked integer not null default 0, discarded integer not null default 0, halted text, attempt_position integer, attempts integer not null default 0, rebuild text, rebuild_plan text, rebuild_position integer, rebuild_event_id text, rebuild_handled integer not null default 0, rebuild_started_at integer, rebuild_deaths integer not null default 0, rebuild_error text, rebuild_report text, rebuild_dry_run integer not null default 0);
INSERT INTO read_models VALUES('counters.counter-view',1,'cc5f0900-9aa8-46ec-8003-e1ec275d23b7',2,'01a21839-44e7-72c8-a9d7-227cc9c97c9c',2,NULL,1,0,NULL,'["counters.counter-opened","counters.counter-raised"]',0,0,0,NULL,NULL,0,NULL,NULL,NULL,NULL,0,NULL,0,NULL,NULL,0);
CREATE TABLE read_model_tables (table_name text primary key not null, read_model text not null);
INSERT INTO read_model_tables VALUES('counter_view','counters.counter-view');
CREATE TABLE counter_view (counter_id text primary key not null, value integer not null, applied text not null);
INSERT INTO counter_view VALUES('01a21839-44c5-74dc-8aed-1bb8437cdaf9',7,'[1,2]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('migrations_views',5);
COMMIT;
