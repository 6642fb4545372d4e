import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the types of events that some version of the program declares for a read model. */
export class AddDeclaredTypesOfReadModels1750003210000 implements MigrationInterface {
  readonly name = 'AddDeclaredTypesOfReadModels1750003210000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_read_models add column declared_types text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_read_models drop column declared_types');
  }
}
