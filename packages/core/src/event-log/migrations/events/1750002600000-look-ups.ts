import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A table for look-ups by type, category, actor and correlation id, in place of three indexes on the events. Nodes fill
 * it after the commit, also for the events that are there already. Until then reads search the events themselves.
 */
export class LookUps1750002600000 implements MigrationInterface {
  readonly name = 'LookUps1750002600000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query(
      `create table leftfold_look_ups (
         key ${postgres ? 'bigint' : 'integer'} not null,
         chunk integer not null,
         places text not null,
         primary key (key, chunk)
       )${postgres ? '' : ' without rowid'}`,
    );
    await runner.query('alter table leftfold_event_log add column look_up_chunks integer not null default 0');
    await runner.query('drop index leftfold_events_actor_position');
    await runner.query('drop index leftfold_events_correlation_id_position');
    await runner.query('drop index leftfold_events_category_position');
  }

  async down(runner: QueryRunner): Promise<void> {
    const category =
      runner.dataSource.options.type === 'postgres'
        ? `split_part(stream, '-', 1)`
        : `substr(stream, 1, instr(stream, '-') - 1)`;
    await runner.query('create index leftfold_events_actor_position on leftfold_events (actor, position)');
    await runner.query(
      'create index leftfold_events_correlation_id_position on leftfold_events (correlation_id, position)',
    );
    await runner.query(`create index leftfold_events_category_position on leftfold_events ((${category}), position)`);
    await runner.query('alter table leftfold_event_log drop column look_up_chunks');
    await runner.query('drop table leftfold_look_ups');
  }
}
