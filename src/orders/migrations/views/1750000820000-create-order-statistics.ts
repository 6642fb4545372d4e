import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrderStatistics1750000820000 implements MigrationInterface {
  readonly name = 'CreateOrderStatistics1750000820000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table customer_order_statistics (
         user_id text primary key not null,
         orders integer not null,
         paid_orders integer not null,
         paid_totals text not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table customer_order_statistics');
  }
}
