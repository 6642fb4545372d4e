import type { Origin } from '../commands/origin.js';
import { MessageAttempt } from './message-attempt.js';

const ID = '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071';

/** Makes an attempt, and returns its outcome and the origins of the commands. */
async function attempt(toCommand: () => object | undefined, id = 'id-1') {
  const origins: Origin[] = [];
  const context = { run: (origin: Origin, work: () => unknown) => (origins.push(origin), work()) };
  const bus = { execute: async () => undefined };
  const message = { source: '/billing', id, type: 'billing.invoice-paid', data: {}, toCommand };
  const outcome = await new MessageAttempt(bus as never, context as never).make('orders.mark-paid', ID, message);
  return { outcome, origins };
}

it.each([
  ['resolves', () => Promise.resolve({})],
  ['rejects', () => Promise.reject(new Error('not found'))],
])('refuses a translation into a promise that %s, and says why', async (_how, toCommand) => {
  const { outcome, origins } = await attempt(toCommand);

  expect(outcome).toMatchObject({ kind: 'refused' });
  expect(outcome).toHaveProperty(
    'failure.message',
    expect.stringMatching(/^toCommand of "orders\.mark-paid" returned a promise\..*do not make it async/),
  );
  expect(origins).toEqual([]);
});

it.each([
  ['as it is', 'a'.repeat(255), 'a'.repeat(255)],
  ['cut when it is too long for the log', '漢'.repeat(256), `${'漢'.repeat(254)}…`],
])('gives the events the id of the message as their cause, %s', async (_how, id, cause) => {
  const { outcome, origins } = await attempt(() => ({}), id);

  expect(outcome).toEqual({ kind: 'done' });
  expect(origins).toEqual([expect.objectContaining({ causationId: cause, commandId: ID })]);
});
