import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the application's metadata of the event that caused a command. Older commands have none. */
export class AddCustomMetadata1750001300000 implements MigrationInterface {
  readonly name = 'AddCustomMetadata1750001300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_saga_commands add column custom text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_saga_commands drop column custom');
  }
}
