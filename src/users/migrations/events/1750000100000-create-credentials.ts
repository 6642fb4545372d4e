import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCredentials1750000100000 implements MigrationInterface {
  readonly name = 'CreateCredentials1750000100000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table credentials (
         user_id text primary key not null,
         password_hash text not null,
         created_at ${integer} not null
       )`,
    );
    await runner.query(
      `create table sign_in_attempts (
         id text primary key not null,
         account text not null,
         address text not null,
         at ${integer} not null
       )`,
    );
    await runner.query('create index sign_in_attempts_account on sign_in_attempts (account)');
    await runner.query('create index sign_in_attempts_address on sign_in_attempts (address)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sign_in_attempts');
    await runner.query('drop table credentials');
  }
}
