import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrderView1750000810000 implements MigrationInterface {
  readonly name = 'CreateOrderView1750000810000';

  async up(runner: QueryRunner): Promise<void> {
    const integer = runner.dataSource.options.type === 'postgres' ? 'bigint' : 'integer';
    await runner.query(
      `create table order_view (
         order_id text primary key not null,
         customer_id text not null,
         status text not null,
         reason text,
         lines text not null,
         amount ${integer} not null,
         currency text not null,
         placed_at text not null,
         version integer not null
       )`,
    );
    await runner.query('create index order_view_customer on order_view (customer_id, order_id)');
    await runner.query('create index order_view_status on order_view (status, order_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table order_view');
  }
}
