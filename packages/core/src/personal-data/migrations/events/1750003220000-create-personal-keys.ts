import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys of subjects of personal data, and how far forgettings are carried through. */
export class CreatePersonalKeys1750003220000 implements MigrationInterface {
  readonly name = 'CreatePersonalKeys1750003220000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const bigint = postgres ? 'bigint' : 'integer';
    const text = `text${postgres ? ' collate "C"' : ''}`;
    await runner.query(
      `create table leftfold_personal_keys (
         subject ${text} primary key not null,
         key_id text,
         wrapped text,
         master text,
         created_at ${bigint} not null,
         forgetting_since ${bigint},
         forgotten_at ${bigint},
         forgotten_by text,
         forgotten_position ${bigint}
       )`,
    );
    await runner.query(
      `create table leftfold_personal_progress (id integer primary key not null, position ${bigint} not null)`,
    );
    await runner.query('insert into leftfold_personal_progress (id, position) values (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table leftfold_personal_progress');
    await runner.query('drop table leftfold_personal_keys');
  }
}
