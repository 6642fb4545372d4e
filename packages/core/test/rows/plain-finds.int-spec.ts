import { jest } from '@jest/globals';
import { AfterLoad, Column, Entity, In, JoinColumn, ManyToOne, MoreThan, PrimaryColumn, RelationId } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { ReadModelRepository } from '../../src/read-models/read-model-repository.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { ProjectedTables } from './projected-tables.js';

@DomainEvent('rows.stocked')
class Stocked {
  declare readonly type: 'rows.stocked';
}

@Entity('stock')
class Stock {
  @PrimaryColumn({ type: 'text' })
  sku: string;

  @PrimaryColumn({ type: 'integer' })
  shelf: number;

  @Column({ type: 'integer', nullable: true, transformer: { from: (n: number | null) => n && n / 100, to: Number } })
  price: number | null;

  label: string;

  @AfterLoad()
  protected setLabel(): void {
    this.label = `${this.sku}, shelf ${this.shelf}`;
  }
}

@Entity('delivery')
class Delivery {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'text' })
  sku: string;

  @Column({ type: 'integer' })
  shelf: number;

  @ManyToOne(() => Stock, { eager: true, createForeignKeyConstraints: false })
  @JoinColumn([
    { name: 'sku', referencedColumnName: 'sku' },
    { name: 'shelf', referencedColumnName: 'shelf' },
  ])
  stock: Stock;
}

@Entity('place', { orderBy: { rank: 'DESC' } })
class Place {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  town: string;

  @Column({ type: 'integer' })
  rank: number;
}

@Entity('stay')
class Stay {
  @PrimaryColumn({ type: 'integer' })
  id: number;

  @Column({ type: 'text' })
  place: string;

  @ManyToOne(() => Place, { createForeignKeyConstraints: false })
  @JoinColumn({ name: 'place', referencedColumnName: 'name' })
  at: Place;

  @RelationId(({ at }: Stay) => at)
  atId: string;
}

describe.each(DATABASE_KINDS)('the repository of a read model on %s', (kind) => {
  let tables: ProjectedTables;
  let stock: ReadModelRepository<Stock>;

  beforeAll(async () => {
    tables = await ProjectedTables.open(
      kind,
      [Stock, Delivery, Place, Stay],
      [
        'create table stock (sku text not null, shelf integer not null, price integer, primary key (sku, shelf))',
        `insert into stock values ('tea', 1, 250), ('tea', 2, null)`,
        'create table delivery (id integer primary key, sku text not null, shelf integer not null)',
        `insert into delivery values (7, 'tea', 1)`,
        'create table place (name text primary key, town text not null, rank integer not null)',
        `insert into place values ('a', 'Ulm', 1), ('b', 'Ulm', 3), ('c', 'Ulm', 2)`,
        'create table stay (id integer primary key, place text not null)',
        `insert into stay values (1, 'b')`,
      ],
      Stocked,
    );
    stock = new ReadModelRepository(Stock, tables.views.read.manager);
  });

  afterEach(() => jest.restoreAllMocks());
  afterAll(() => tables.close());

  it('finds rows by plain values without a query builder', async () => {
    const builder = jest.spyOn(stock.manager, 'createQueryBuilder');

    expect(await stock.findOneBy({ sku: 'tea', shelf: 1 })).toMatchObject({ price: 2.5, label: 'tea, shelf 1' });
    expect(await stock.findOneBy({ shelf: 2, sku: 'tea' })).toBeInstanceOf(Stock);
    expect(await stock.findOneBy({ shelf: 3, sku: 'tea' })).toBeNull();
    expect(await stock.findOneBy({ shelf: 1, sku: `' or 1 = 1 --` })).toBeNull();
    expect(await stock.findBy({ sku: 'tea' })).toHaveLength(2);
    expect(await stock.findBy({ sku: In(['coffee', 'tea']), shelf: In([2, 3]) })).toMatchObject([{ shelf: 2 }]);
    expect(await stock.findBy({ sku: In([]) })).toEqual([]);

    expect(builder).not.toHaveBeenCalled();
  });

  it('reads many rows, and what no index finds, on a connection of its own', async () => {
    const runner = jest.spyOn(stock.manager.dataSource, 'createQueryRunner');
    const ownReads = async (read: () => Promise<Stock[]>): Promise<[rows: number, ownReads: number]> => {
      runner.mockClear();
      const { length } = await read();
      return [length, runner.mock.calls.length];
    };
    const shelves = (count: number) => In(Array.from({ length: count }, (_, index) => index + 1));
    const add = async (shelf: number) =>
      tables.views.write.statement('insert into stock values (?, ?, null)', ['mug', shelf]);
    for (let shelf = 1; shelf <= 16; shelf++) await add(shelf);

    expect(await ownReads(() => stock.findBy({ sku: 'tea', shelf: 1 }))).toEqual([1, 0]);
    expect(await ownReads(() => stock.findBy({ sku: 'mug', shelf: shelves(16) }))).toEqual([16, 0]);
    expect(await ownReads(() => stock.findBy({ sku: 'mug', shelf: shelves(17) }))).toEqual([16, 1]);
    expect(await ownReads(() => stock.findBy({ sku: 'mug' }))).toEqual([16, 0]);
    expect(await ownReads(() => stock.findBy({ shelf: 1 }))).toEqual([2, 1]);
    await add(17);
    expect(await ownReads(() => stock.findBy({ sku: 'mug' }))).toEqual([17, 1]);

    await tables.views.write.statement('delete from stock where sku = ?', ['mug']);
  });

  it('leaves all other conditions to TypeORM', async () => {
    expect(await stock.findBy({})).toHaveLength(2);
    expect(await stock.findOneBy({ sku: 'tea', price: 250 })).toMatchObject({ shelf: 1 });
    expect(await stock.findOneBy({ sku: 'tea', shelf: MoreThan(1) })).toMatchObject({ shelf: 2 });
    expect(await stock.findBy([{ shelf: 3 }, { shelf: 2 }])).toMatchObject([{ shelf: 2 }]);
    await expect(stock.findOneBy({ sku: 'tea', shelf: undefined })).rejects.toThrow(/undefined/i);
  });

  it('reads on the connection of a transaction where it is part of one', async () => {
    const other = jest.spyOn(stock.manager.dataSource, 'createQueryRunner');
    await stock.manager.transaction('SERIALIZABLE', async (within) => {
      other.mockClear();
      expect(await within.withRepository(stock).findOneBy({ sku: 'tea', shelf: 2 })).toMatchObject({ shelf: 2 });
      expect(await within.withRepository(stock).findBy({ sku: 'tea' })).toHaveLength(2);
    });
    expect(other).not.toHaveBeenCalled();
  });

  it('leaves all finds to TypeORM once the DataSource has a subscriber, which may see each row', async () => {
    const { subscribers } = stock.manager.dataSource;
    subscribers.push({ afterLoad: (row: Stock) => void (row.label = 'seen') });
    expect(await stock.findOneBy({ sku: 'tea', shelf: 2 })).toMatchObject({ label: 'seen' });
    subscribers.pop();
  });

  it('leaves entities to TypeORM whose relations come with them', async () => {
    const deliveries = new ReadModelRepository(Delivery, tables.views.read.manager);
    expect(await deliveries.findOneBy({ id: 7 })).toMatchObject({ sku: 'tea', stock: { price: 2.5 } });
  });

  it('leaves entities to TypeORM that declare an order of their own', async () => {
    const places = new ReadModelRepository(Place, tables.views.read.manager);
    expect(await places.findBy({ town: 'Ulm' })).toMatchObject([{ name: 'b' }, { name: 'c' }, { name: 'a' }]);
    expect(await places.findOneBy({ town: 'Ulm' })).toMatchObject({ name: 'b' });
  });

  it('leaves entities to TypeORM that have the ids of relations', async () => {
    const stays = new ReadModelRepository(Stay, tables.views.read.manager);
    expect(await stays.findOneBy({ id: 1 })).toMatchObject({ atId: 'b' });
  });
});
