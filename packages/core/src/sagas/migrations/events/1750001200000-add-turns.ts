import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the party of a command, and its turn among all due commands. */
export class AddTurns1750001200000 implements MigrationInterface {
  readonly name = 'AddTurns1750001200000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(`alter table leftfold_saga_commands add column party text not null default ''`);
    await runner.query(`alter table leftfold_saga_commands add column turn ${integer} not null default 0`);
    await runner.query('update leftfold_saga_commands set party = correlation_id, turn = coalesce(due_at, 0)');
    await runner.query(
      'create index leftfold_saga_commands_turn on leftfold_saga_commands (turn) where due_at is not null',
    );
    await runner.query('create index leftfold_saga_commands_party on leftfold_saga_commands (party, turn)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index leftfold_saga_commands_party');
    await runner.query('drop index leftfold_saga_commands_turn');
    await runner.query('alter table leftfold_saga_commands drop column turn');
    await runner.query('alter table leftfold_saga_commands drop column party');
  }
}
