import { AggregateRepository, Databases, EventLog, MessageContext } from '@leftfold/core';
import type { ICommand } from '@nestjs/cqrs';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { EndedLines } from '../../src/inventory/domain/ended-lines.js';
import { Product } from '../../src/inventory/domain/product.aggregate.js';
import { NotReservedError } from '../../src/inventory/domain/product.errors.js';
import {
  DispatchStockCommand,
  ReleaseStockCommand,
  ReserveStockCommand,
} from '../../src/inventory/inventory.contract.js';
import { TagEndedLines1750001510000 } from '../../src/inventory/migrations/events/1750001510000-tag-ended-lines.js';
import { aSku, PRICE } from '../orders/shop.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { type WatchedRead, watchingReads } from '../../packages/core/test/support/watched-reads.js';
import { TestApp } from '../support/test-app.js';

const STOCK = 10_000;

describe.each(DATABASE_KINDS)('ended order lines on %s', (kind) => {
  let app: TestApp;
  let log: EventLog;

  beforeAll(async () => {
    app = await TestApp.start(kind, { ROLE: 'api' });
    log = app.nest.get(EventLog);
  });

  afterAll(() => app.close());

  /** With a command id of its own, so that the log does not know the command. */
  const run = (command: ICommand): Promise<unknown> =>
    app.nest
      .get(MessageContext)
      .run({ actor: 'saga:orders.fulfilment', correlationId: uuidv7(), commandId: uuidv7() }, () =>
        app.nest.get(CommandBus).execute(command),
      );
  const load = (sku: string): Promise<Product> => app.nest.get(AggregateRepository).load(Product, sku);
  /** A product, and lines that ended before ends had tags: the first of them is returned. */
  const productWithOldLines = async (lines: number, end = 'released'): Promise<{ sku: string; orderId: string }> => {
    const sku = aSku();
    const stream = `product-${sku}`;
    const added = { type: 'inventory.product-added', data: { sku, name: sku, unitPrice: PRICE, stock: STOCK } };
    await log.append([{ stream, expected: 'no-stream', events: [added] }]);
    const orderIds = Array.from({ length: lines }, () => uuidv7());
    const events = orderIds.flatMap((orderId) =>
      ['inventory.stock-reserved', `inventory.stock-${end}`].map((type) => ({
        type,
        data: { sku, orderId, line: 0, quantity: 1 },
      })),
    );
    for (let at = 0; at < events.length; at += 500) {
      await log.append([{ stream, expected: 'stream-exists', events: events.slice(at, at + 500) }]);
    }
    return { sku, orderId: orderIds[0]! };
  };
  const expectNothingStored = async (...commands: ICommand[]): Promise<void> => {
    const head = await log.head();
    for (const command of commands) await run(command);
    expect(await log.head()).toBe(head);
  };

  it('are not reserved, released or dispatched again by other commands, however many ended since', async () => {
    const { sku } = await productWithOldLines(0);
    const [released, dispatched, untouched] = [uuidv7(), uuidv7(), uuidv7()];
    for (const orderId of [released, dispatched]) await run(new ReserveStockCommand(sku, orderId, 0, 3));
    await run(new ReleaseStockCommand(sku, released, 0));
    await run(new DispatchStockCommand(sku, dispatched, 0));
    await run(new ReleaseStockCommand(sku, untouched, 0));
    for (let each = 0; each < 3; each++) {
      const orderId = uuidv7();
      await run(new ReserveStockCommand(sku, orderId, 0, 1));
      await run(new ReleaseStockCommand(sku, orderId, 0));
    }

    await expectNothingStored(
      ...[released, dispatched, untouched].flatMap((orderId) => [
        new ReserveStockCommand(sku, orderId, 0, STOCK + 1),
        new ReleaseStockCommand(sku, orderId, 0),
      ]),
      new DispatchStockCommand(sku, dispatched, 0),
    );
    await expect(run(new DispatchStockCommand(sku, released, 0))).rejects.toThrow(NotReservedError);
    // Another line of the same order, and the same line of another product, are different lines.
    const [other, head] = [await productWithOldLines(0), await log.head()];
    await run(new ReserveStockCommand(sku, released, 1, 1));
    await run(new ReserveStockCommand(other.sku, released, 0, 1));
    expect(await log.head()).toBe(head + 2);
  });

  it('are read as of the version of the decision', async () => {
    const { sku } = await productWithOldLines(0);
    const place = { orderId: uuidv7(), line: 0 };
    const before = await load(sku);
    await run(new ReserveStockCommand(sku, place.orderId, 0, 1));
    const open = await load(sku);
    await run(new ReleaseStockCommand(sku, place.orderId, 0));

    const ends = app.nest.get(EndedLines);
    expect(await ends.find(before, place)).toBeUndefined();
    expect(await ends.find(open, place)).toBeUndefined();
    expect(await ends.find(await load(sku), place)).toBe('released');
  });

  it('of a SKU are not those of the SKU in another case', async () => {
    const { sku } = await productWithOldLines(0);
    const lower = sku.toLowerCase();
    const added = { type: 'inventory.product-added', data: { sku: lower, name: 'x', unitPrice: PRICE, stock: 5 } };
    await log.append([{ stream: `product-${lower}`, expected: 'no-stream', events: [added] }]);
    const orderId = uuidv7();
    await run(new ReleaseStockCommand(sku, orderId, 0));
    const head = await log.head();

    await run(new ReserveStockCommand(lower, orderId, 0, 1));

    expect(await log.head()).toBe(head + 1);
  });

  it('that are old are found after the migration has tagged them', async () => {
    const released = await productWithOldLines(501);
    const dispatched = await productWithOldLines(1, 'dispatched');
    const runner = app.nest.get(Databases).events.write.dataSource.createQueryRunner();
    const migration = new TagEndedLines1750001510000();
    await migration.down(runner);
    const before = await load(released.sku);
    expect(await app.nest.get(EndedLines).find(before, { ...released, line: 0 })).toBeUndefined();
    // Twice, as after a crash: the second run succeeds, too.
    await migration.up(runner);
    await migration.up(runner);
    await runner.release();

    await expectNothingStored(
      new ReserveStockCommand(released.sku, released.orderId, 0, 1),
      new ReleaseStockCommand(released.sku, released.orderId, 0),
      new DispatchStockCommand(dispatched.sku, dispatched.orderId, 0),
    );
  });

  it('add no cost to a command or a snapshot, in any number', async () => {
    const works = [];
    for (const lines of [200, 3_000]) {
      const { sku } = await productWithOldLines(lines);
      const orderId = uuidv7();
      const version = 2 * lines + 2;
      const reserved = { type: 'inventory.stock-reserved', data: { sku, orderId, line: 0, quantity: 3 } };
      await log.append([{ stream: `product-${sku}`, expected: version - 1, events: [reserved] }]);
      await load(sku);
      const snapshot = await eventually(async () => {
        const [row] = await runSql(
          app.database.url,
          `select state from leftfold_snapshots where stream = 'product-${sku}' and fold = 'aggregate' and version = ${version}`,
        );
        return JSON.parse(String(row!.state)) as unknown;
      });
      expect(snapshot).toEqual({ available: STOCK - 3, open: [[`${orderId}/0`, 3]] });
      works.push(
        await readsOf(async () => {
          await run(new ReserveStockCommand(sku, uuidv7(), 0, 1));
          await run(new ReleaseStockCommand(sku, orderId, 0));
          await run(new ReserveStockCommand(sku, orderId, 0, 3));
        }),
      );
    }

    expect(works[1]).toEqual(works[0]);
    // An open line is not looked up.
    expect(works[0]!.filter(({ tagged }) => tagged)).toHaveLength(2);
  });

  /** The log reads of commands: for each statement whether it searches for a tag, and the number of rows. */
  async function readsOf(work: () => Promise<void>): Promise<{ tagged: boolean; rows: number }[]> {
    const found: { tagged: boolean; rows: number }[] = [];
    const note = ({ sql, rows }: WatchedRead): void => {
      const tagged = sql.includes('event_tags');
      if (tagged || /e\.stream = /.test(sql)) found.push({ tagged, rows });
    };
    await watchingReads(app.nest.get(Databases).events, note, work);
    return found;
  }
});
