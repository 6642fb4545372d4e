import { SetupError } from '../errors.js';
import { DeclaredHandlers } from './declared-handlers.js';
import { Inbox } from './inbox.js';
import type { IncomingMessage } from './incoming-message.js';

class Handler {}
const read = () => {
  throw new Error('not reached');
};
const none = undefined as never;
const MESSAGE = { deliveries: 1 } as IncomingMessage;

it.each([
  [[], 'This program has none.'],
  [['orders.pay', 'orders.ship'], 'This program has "orders.pay", "orders.ship".'],
])('refuses a message for a handler that was not added, beside %j', async (names, known) => {
  const inbox = new Inbox(new DeclaredHandlers(), none, none, none, new Map());
  for (const name of names) inbox.add(Handler, { name, read });
  const refusal = inbox.receive('orders.send', MESSAGE);
  await expect(refusal).rejects.toThrow(SetupError);
  await expect(refusal).rejects.toThrow(
    `There is no message handler "orders.send". ${known} Add it with "inbox.add" in "onModuleInit", or correct the name.`,
  );
});
