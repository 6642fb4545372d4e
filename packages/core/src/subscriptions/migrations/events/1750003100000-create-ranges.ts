import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nodes that run subscriptions, and the ranges of partitions into which a subscription is split between them. */
export class CreateRanges1750003100000 implements MigrationInterface {
  readonly name = 'CreateRanges1750003100000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_nodes (
         id text primary key not null,
         subscriptions text not null,
         started_at ${integer} not null,
         seen_at ${integer} not null,
         expires_at ${integer} not null
       )`,
    );
    await runner.query(
      `create table leftfold_subscription_ranges (
         subscription text not null,
         first_partition integer not null,
         last_partition integer not null,
         position ${integer} not null,
         done text,
         owner text,
         epoch ${integer} not null,
         expires_at ${integer} not null,
         handled ${integer} not null default 0,
         parked ${integer} not null default 0,
         event_id text,
         last_error text,
         attempt_position ${integer},
         attempts integer not null default 0,
         primary key (subscription, first_partition)
       )`,
    );
    await runner.query('create table leftfold_subscription_splits (subscription text primary key not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_subscription_splits');
    await runner.query('drop table leftfold_subscription_ranges');
    await runner.query('drop table leftfold_nodes');
  }
}
