import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages of brokers that were not handled at once. */
export class CreateInbox1750002710000 implements MigrationInterface {
  readonly name = 'CreateInbox1750002710000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table leftfold_inbox_messages (
         id text primary key not null,
         handler text not null,
         subject text not null,
         type text not null,
         stream text not null,
         sequence ${integer} not null,
         body text,
         state text not null,
         due_at ${integer},
         claimed_by text,
         tries integer not null,
         failures integer not null,
         attempts integer not null,
         letter_id text,
         first_failed_at ${integer},
         last_failed_at ${integer},
         error text,
         stack text
       )`,
    );
    await runner.query('create unique index leftfold_inbox_messages_letter on leftfold_inbox_messages (letter_id)');
    await runner.query('create index leftfold_inbox_messages_due on leftfold_inbox_messages (due_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_inbox_messages');
  }
}
