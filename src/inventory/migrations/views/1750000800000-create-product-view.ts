import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProductView1750000800000 implements MigrationInterface {
  readonly name = 'CreateProductView1750000800000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const [text, integer] = postgres ? ['text collate "C"', 'bigint'] : ['text', 'integer'];
    await runner.query(
      `create table product_view (
         sku ${text} primary key not null,
         name text not null,
         amount ${integer} not null,
         currency text not null,
         available ${integer} not null,
         reserved ${integer} not null,
         version integer not null
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table product_view');
  }
}
