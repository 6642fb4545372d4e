import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the application keeps in the metadata of the event that caused a command. Commands from before go without. */
export class AddCustomMetadata1750001300000 implements MigrationInterface {
  readonly name = 'AddCustomMetadata1750001300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_saga_commands add column custom text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_saga_commands drop column custom');
  }
}
