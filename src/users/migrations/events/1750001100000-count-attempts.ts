import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row for each counter. Wrong sign-ins start at zero again: they would have expired after 15 minutes anyway. */
export class CountAttempts1750001100000 implements MigrationInterface {
  readonly name = 'CountAttempts1750001100000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table attempt_counts (
         counter text primary key not null,
         attempts text not null default '[]',
         expires_at ${integer} not null
       )`,
    );
    await runner.query('create index attempt_counts_expiry on attempt_counts (expires_at)');
    await runner.query('drop table sign_in_attempts');
  }

  async down(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query('drop table attempt_counts');
    await runner.query(
      `create table sign_in_attempts (
         id text primary key not null, account text not null, address text not null, at ${integer} not null
       )`,
    );
    await runner.query('create index sign_in_attempts_account on sign_in_attempts (account)');
    await runner.query('create index sign_in_attempts_address on sign_in_attempts (address)');
  }
}
