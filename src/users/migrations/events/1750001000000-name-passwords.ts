import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A user may have two hashes while the password is changed; the log says which one is current. */
export class NamePasswords1750001000000 implements MigrationInterface {
  readonly name = 'NamePasswords1750001000000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query('alter table credentials rename to credentials_before');
    await runner.query(
      `create table credentials (
         user_id text not null,
         password_id text not null,
         password_hash text not null,
         created_at ${integer} not null,
         constraint credentials_of_passwords primary key (user_id, password_id)
       )`,
    );
    await runner.query(
      `insert into credentials (user_id, password_id, password_hash, created_at)
       select user_id, '', password_hash, created_at from credentials_before`,
    );
    await runner.query('drop table credentials_before');
  }

  async down(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query('alter table credentials rename to credentials_after');
    await runner.query(
      `create table credentials (
         user_id text primary key not null, password_hash text not null, created_at ${integer} not null
       )`,
    );
    await runner.query(
      `insert into credentials (user_id, password_hash, created_at)
       select user_id, password_hash, created_at from credentials_after c
        where created_at = (select max(created_at) from credentials_after o where o.user_id = c.user_id)`,
    );
    await runner.query('drop table credentials_after');
  }
}
