import { EventLog, MessageContext } from '@leftfold/core';
import type { ICommand } from '@nestjs/cqrs';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { ReleaseStockCommand, ReserveStockCommand } from '../../src/inventory/inventory.contract.js';
import { addProduct } from '../orders/shop.js';
import { useApp } from '../support/use-app.js';

/** One more than a product remembers. */
const OVER = 1_001;

describe('a line that was over so long ago that its product has forgotten it', () => {
  const here = useApp('sqlite');

  it('is neither reserved nor released again by a command of the saga that comes again, however late', async () => {
    const { app } = here;
    const sku = await addProduct(app, 10);
    const [commands, context, log] = [app.nest.get(CommandBus), app.nest.get(MessageContext), app.nest.get(EventLog)];
    /** As the outbox runs it: under the command's id, which has no end. */
    const run = (commandId: string, command: ICommand): Promise<unknown> =>
      context.run({ actor: 'saga:orders.fulfilment', correlationId: uuidv7(), commandId }, () =>
        commands.execute(command),
      );
    const [orderId, reserving, releasing] = [uuidv7(), uuidv7(), uuidv7()];
    const reserve = () => run(reserving, new ReserveStockCommand(sku, orderId, 0, 3));
    const release = () => run(releasing, new ReleaseStockCommand(sku, orderId, 0));
    await reserve();
    await release();
    const others = Array.from({ length: OVER }, () => {
      const data = { sku, orderId: uuidv7(), line: 0, quantity: 1 };
      return ['inventory.stock-reserved', 'inventory.stock-released'].map((type) => ({ type, data }));
    }).flat();
    for (let at = 0; at < others.length; at += 500) {
      const events = others.slice(at, at + 500);
      await log.append([{ stream: `product-${sku}`, expected: 'stream-exists', events }]);
    }
    await log.forgetExpiredCommands();
    const head = await log.head();

    await reserve();
    await release();

    expect(await log.head()).toBe(head);
    // Under an id of its own it would be taken for a new one: that it is not is up to the ids alone.
    await run(uuidv7(), new ReserveStockCommand(sku, orderId, 0, 3));
    expect(await log.head()).toBe(head + 1);
  });
});
