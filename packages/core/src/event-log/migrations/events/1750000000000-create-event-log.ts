import type { MigrationInterface, QueryRunner } from 'typeorm';
import { namespaceOf } from '../../../databases/namespace.js';
import { appendEvents } from './1750000000000-append-events.sql.js';
import { ALREADY_STORED } from '../../sqlite/already-stored.js';

const IMMUTABLE = 'Events are never changed or deleted. Append a compensating event instead.';

/** The event log, its tags and command ids. */
export class CreateEventLog1750000000000 implements MigrationInterface {
  readonly name = 'CreateEventLog1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    for (const statement of postgres ? POSTGRES : SQLITE) await runner.query(statement);
    if (postgres) await runner.query(appendEvents(namespaceOf(runner.dataSource)));
  }

  /** Reverting would delete the log, so it is refused. */
  async down(): Promise<void> {
    throw new Error('The event log is not dropped by a migration. Name another database instead.');
  }
}

const POSTGRES = [
  `create table leftfold_events (
     position bigint primary key,
     stream text collate "C" not null,
     version bigint not null,
     event_id uuid not null constraint leftfold_events_event_id unique,
     type text collate "C" not null,
     schema_version integer not null,
     data text not null,
     metadata text not null,
     actor text not null,
     correlation_id text not null,
     recorded_at bigint not null,
     partition integer not null check (partition between 0 and 1023),
     constraint leftfold_events_stream_version unique (stream, version)
   )`,
  'create index leftfold_events_type_position on leftfold_events (type, position)',
  `create table leftfold_event_tags (
     tag text collate "C" not null,
     position bigint not null,
     primary key (tag, position)
   )`,
  `create table leftfold_commands (
     command_id uuid primary key,
     position bigint not null,
     versions text not null,
     result text,
     fingerprint text,
     expires_at bigint,
     recorded_at bigint not null
   )`,
  'create index leftfold_commands_expires_at on leftfold_commands (expires_at)',
  'create table leftfold_event_log (log_id uuid primary key, tag_key text not null, created_at bigint not null)',
  `create function leftfold_refuse_change_of_events() returns trigger language plpgsql as $$
   begin
     raise exception '${IMMUTABLE}' using errcode = 'integrity_constraint_violation';
   end $$`,
  `create trigger leftfold_events_are_immutable before update or delete or truncate on leftfold_events
     for each statement execute function leftfold_refuse_change_of_events()`,
];

const SQLITE = [
  `create table leftfold_events (
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
     constraint leftfold_events_stream_version unique (stream, version)
   )`,
  'create index leftfold_events_type_position on leftfold_events (type, position)',
  `create table leftfold_event_tags (
     tag text not null,
     position integer not null,
     primary key (tag, position)
   ) without rowid`,
  `create table leftfold_commands (
     command_id text primary key not null,
     position integer not null,
     versions text not null,
     result text,
     fingerprint text,
     expires_at integer,
     recorded_at integer not null
   )`,
  'create index leftfold_commands_expires_at on leftfold_commands (expires_at)',
  'create table leftfold_event_log (log_id text primary key not null, tag_key text not null, created_at integer not null)',
  `create trigger leftfold_events_are_not_updated before update on leftfold_events begin select raise(abort, '${IMMUTABLE}'); end`,
  `create trigger leftfold_events_are_not_deleted before delete on leftfold_events begin select raise(abort, '${IMMUTABLE}'); end`,
  // INSERT OR REPLACE deletes the conflicting row without firing the trigger above.
  `create trigger leftfold_events_are_not_replaced before insert on leftfold_events
     when exists (
       select 1 from leftfold_events
        where position = new.position or event_id = new.event_id or (stream = new.stream and version = new.version)
     )
     begin select raise(abort, '${ALREADY_STORED}'); end`,
];
