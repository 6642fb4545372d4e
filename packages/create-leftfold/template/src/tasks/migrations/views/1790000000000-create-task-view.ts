import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTaskView1790000000000 implements MigrationInterface {
  readonly name = 'CreateTaskView1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table task_view (
         task_id text primary key not null,
         title text not null,
         added_at text not null,
         completed_at text,
         version integer not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table task_view');
  }
}
