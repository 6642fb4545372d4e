import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The rows of state of side effects, and their parked events. */
export class CreateSubscriptions1750000300000 implements MigrationInterface {
  readonly name = 'CreateSubscriptions1750000300000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_subscriptions (
         name text primary key not null,
         version integer not null,
         types text,
         log_id text not null,
         start_position ${integer} not null default 0,
         position ${integer} not null,
         event_id text,
         handled ${integer} not null,
         parked ${integer} not null default 0,
         discarded ${integer} not null default 0,
         owner text,
         epoch ${integer} not null,
         expires_at ${integer} not null,
         halted text,
         last_error text,
         attempt_position ${integer},
         attempts integer not null default 0
       )`,
    );
    await runner.query(
      `create table leftfold_parked_events (
         id text primary key not null,
         subscription text not null,
         stream text not null,
         position ${integer} not null,
         state text not null,
         due_at ${integer},
         tries integer not null,
         attempts integer not null,
         first_failed_at ${integer},
         last_failed_at ${integer},
         error text,
         stack text,
         constraint leftfold_parked_events_position unique (subscription, position)
       )`,
    );
    await runner.query(
      'create index leftfold_parked_events_stream on leftfold_parked_events (subscription, stream, position)',
    );
    await runner.query('create index leftfold_parked_events_due on leftfold_parked_events (subscription, due_at)');
    await runner.query('create index leftfold_parked_events_state on leftfold_parked_events (state, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_parked_events');
    await runner.query('drop table leftfold_subscriptions');
  }
}
