import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the types of events that some version of the program declares for a side effect or a saga. */
export class AddDeclaredTypes1750003210000 implements MigrationInterface {
  readonly name = 'AddDeclaredTypes1750003210000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions add column declared_types text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table leftfold_subscriptions drop column declared_types');
  }
}
