import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes for lookups by actor, correlation id and category, so that they read only matching events. */
export class IndexLookUps1750000500000 implements MigrationInterface {
  readonly name = 'IndexLookUps1750000500000';

  async up(runner: QueryRunner): Promise<void> {
    const category =
      runner.dataSource.options.type === 'postgres'
        ? `split_part(stream, '-', 1)`
        : `substr(stream, 1, instr(stream, '-') - 1)`;
    await runner.query('create index leftfold_events_actor_position on leftfold_events (actor, position)');
    await runner.query(
      'create index leftfold_events_correlation_id_position on leftfold_events (correlation_id, position)',
    );
    await runner.query(`create index leftfold_events_category_position on leftfold_events ((${category}), position)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['actor', 'correlation_id', 'category']) {
      await runner.query(`drop index leftfold_events_${name}_position`);
    }
  }
}
