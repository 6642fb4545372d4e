import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The outbox of sagas. */
export class CreateSagaCommands1750000400000 implements MigrationInterface {
  readonly name = 'CreateSagaCommands1750000400000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_saga_commands (
         id text primary key not null,
         saga text not null,
         stream text not null,
         position ${integer} not null,
         place integer not null,
         line text,
         name text not null,
         version integer not null,
         data text not null,
         correlation_id text not null,
         causation_id text not null,
         traceparent text,
         state text not null,
         due_at ${integer},
         claimed_by text,
         tries integer not null default 0,
         deaths integer not null default 0,
         attempts integer not null default 0,
         letter_id text,
         first_failed_at ${integer},
         last_failed_at ${integer},
         error text,
         stack text
       )`,
    );
    await runner.query(
      'create index leftfold_saga_commands_line on leftfold_saga_commands (saga, line, position, place)',
    );
    await runner.query('create index leftfold_saga_commands_due on leftfold_saga_commands (due_at)');
    await runner.query('create unique index leftfold_saga_commands_letter on leftfold_saga_commands (letter_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_saga_commands');
  }
}
