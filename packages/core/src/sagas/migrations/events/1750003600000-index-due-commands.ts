import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two indexes of due commands in place of one: commands in their order, and schedules by their time. With one, a claim
 * passed by all schedules whose time has not come.
 */
export class IndexDueCommands1750003600000 implements MigrationInterface {
  readonly name = 'IndexDueCommands1750003600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index leftfold_saga_commands_ready on leftfold_saga_commands (turn, position, place)
        where due_at is not null and state <> 'scheduled'`,
    );
    await runner.query(
      `create index leftfold_saga_commands_scheduled on leftfold_saga_commands (due_at) where state = 'scheduled'`,
    );
    await runner.query('drop index leftfold_saga_commands_turn');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index leftfold_saga_commands_turn on leftfold_saga_commands (turn) where due_at is not null',
    );
    await runner.query('drop index leftfold_saga_commands_scheduled');
    await runner.query('drop index leftfold_saga_commands_ready');
  }
}
