import { InjectReadModel, Projection, type ProjectionHandler, ReadModel } from '@leftfold/core';
import { EventsHandler } from '@nestjs/cqrs';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { PaymentBooked } from './account.js';

class Totals {
  @Column({ type: 'integer' })
  events: number;

  @Column({ type: 'integer' })
  total: number;

  @Column({ type: 'text' })
  last: string;
}

@Entity('account_rows')
export class AccountRow extends Totals {
  @PrimaryColumn({ name: 'account_id', type: 'text' })
  accountId: string;
}

@Entity('product_rows')
export class ProductRow extends Totals {
  @PrimaryColumn({ name: 'product_id', type: 'text' })
  productId: string;
}

@Entity('country_month_rows')
export class CountryMonthRow extends Totals {
  @PrimaryColumn({ type: 'text' })
  country: string;

  @PrimaryColumn({ type: 'integer' })
  month: number;
}

/** The row after one more payment. */
function after<T extends Totals>(
  row: T | undefined,
  { amount, bookedAt }: PaymentBooked,
  key: Omit<T, keyof Totals>,
): T {
  const [events, total] = [(row?.events ?? 0) + 1, (row?.total ?? 0) + amount];
  return { ...key, events, total, last: bookedAt } as T;
}

export const READ_MODELS = { stream: 'bench.accounts', field: 'bench.products', composite: 'bench.country-months' };

@Projection<PaymentBooked>({ name: READ_MODELS.stream, entities: [AccountRow] })
@EventsHandler(PaymentBooked)
export class AccountRows implements ProjectionHandler<PaymentBooked> {
  constructor(@InjectReadModel(AccountRow) private readonly rows: ReadModel<AccountRow>) {}

  async handle(event: PaymentBooked): Promise<void> {
    const { accountId } = event;
    this.rows.save(after(await this.rows.get(accountId), event, { accountId }));
  }
}

@Projection<PaymentBooked>({ name: READ_MODELS.field, entities: [ProductRow], key: ({ productId }) => productId })
@EventsHandler(PaymentBooked)
export class ProductRows implements ProjectionHandler<PaymentBooked> {
  constructor(@InjectReadModel(ProductRow) private readonly rows: ReadModel<ProductRow>) {}

  async handle(event: PaymentBooked): Promise<void> {
    const { productId } = event;
    this.rows.save(after(await this.rows.get(productId), event, { productId }));
  }
}

@Projection<PaymentBooked>({
  name: READ_MODELS.composite,
  entities: [CountryMonthRow],
  key: ({ country, month }) => ({ country, month }),
})
@EventsHandler(PaymentBooked)
export class CountryMonthRows implements ProjectionHandler<PaymentBooked> {
  constructor(@InjectReadModel(CountryMonthRow) private readonly rows: ReadModel<CountryMonthRow>) {}

  async handle(event: PaymentBooked): Promise<void> {
    const { country, month } = event;
    this.rows.save(after(await this.rows.get({ country, month }), event, { country, month }));
  }
}

const TOTALS = 'events integer not null, total integer not null, last text not null';

export class CreatePaymentRows1750000100000 implements MigrationInterface {
  readonly name = 'CreatePaymentRows1750000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table account_rows (account_id text primary key not null, ${TOTALS})`);
    await runner.query(`create table product_rows (product_id text primary key not null, ${TOTALS})`);
    await runner.query(
      `create table country_month_rows (country text not null, month integer not null, ${TOTALS}, primary key (country, month))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['account_rows', 'product_rows', 'country_month_rows']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
