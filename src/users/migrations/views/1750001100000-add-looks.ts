import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The looks of user names; filled by the rebuild that the new version of the read model starts. */
export class AddLooks1750001100000 implements MigrationInterface {
  readonly name = 'AddLooks1750001100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table user_view add column username_look text not null default ''`);
    await runner.query('create index user_view_look on user_view (username_look)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index user_view_look');
    await runner.query('alter table user_view drop column username_look');
  }
}
