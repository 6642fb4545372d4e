import { DeadLetters, OneOffRuns, SubscriptionNotFoundError, Subscriptions } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { retryDeadLetter } from './retry-dead-letter.js';

it.each([
  ['a command of a recurring job', 'command'],
  ['a message of a broker', 'message'],
])('retries %s, which is of no subscription and has no owner', async (_what, kind) => {
  const letter = { kind, subscription: 'reports.daily-report', state: 'retrying', isDue: true, attempts: 1 };
  let handled = false;
  const fails = (name: string): never => {
    throw new SubscriptionNotFoundError(name);
  };
  const parts = new Map<unknown, object>([
    [
      DeadLetters,
      { get: async () => letter, retry: async () => undefined, fate: async () => (handled ? undefined : letter) },
    ],
    [Subscriptions, { get: fails }],
    [OneOffRuns, { retry: async () => (handled = true) }],
  ]);
  const answers: unknown[] = [];
  const cli = {
    signal: new AbortController().signal,
    open: (work: (app: object) => Promise<unknown>) => work({ get: (token: unknown) => parts.get(token) }),
    output: { note: () => undefined, answer: (_json: boolean, answer: unknown) => answers.push(answer) },
  };

  await retryDeadLetter(cli as unknown as CommandLine, 'some-id', true);

  expect(answers).toEqual([{ id: 'some-id', state: 'handled' }]);
});
