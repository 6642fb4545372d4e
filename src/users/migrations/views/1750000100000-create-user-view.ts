import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUserView1750000100000 implements MigrationInterface {
  readonly name = 'CreateUserView1750000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table user_view (
         user_id text primary key not null,
         username text not null,
         username_key text not null,
         email text not null,
         email_key text not null,
         roles text not null,
         registered_at text not null,
         last_login_time text,
         version integer not null
       )`,
    );
    await runner.query('create index user_view_username on user_view (username_key)');
    await runner.query('create index user_view_email on user_view (email_key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table user_view');
  }
}
