import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { MessageContext } from '../../commands/message-context.js';
import { StoredCommands, UnknownCommandError } from '../../commands/stored-commands.js';
import { NewerEventError, UnknownEventTypeError } from '../../event-log/event-serializer.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { PARKING_RETRY } from '../../subscriptions/retry.decorator.js';
import { KeyRing } from '../../personal-data/key-ring.js';
import type { KeyStore } from '../../personal-data/key-store.js';
import { SealedCopies } from '../../personal-data/sealed-copies.js';
import { Telemetry } from '../../telemetry.js';
import type { ClaimedCommand } from './claimed-command.js';
import { CommandExecutor } from './command-executor.js';
import type { CommandSources } from './command-sources.js';
import { dataOf } from './pending-command.js';

const CLAIMED: ClaimedCommand = {
  id: 'a',
  saga: 'orders.fulfilment',
  stream: 'order-1',
  orderingKey: 'order-1',
  position: 1,
  name: 'orders.reserve',
  version: 1,
  data: '{"name":"Ada"',
  correlationId: 'b',
  causationId: 'c',
  traceparent: null,
  custom: null,
  tries: 1,
  deaths: 0,
  hasCompensation: true,
};

afterEach(() => jest.restoreAllMocks());

it('makes a command with damaged data a dead letter at once, without quoting the data', async () => {
  jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const commands = new StoredCommands();
  const revive = jest.spyOn(commands, 'revive').mockImplementation(({ data }) => JSON.parse(data) as object);
  const executor = new CommandExecutor(
    {} as CommandBus,
    {} as MessageContext,
    commands,
    { find: () => ({ retry: PARKING_RETRY, actor: 'saga:orders.fulfilment' }) } as unknown as CommandSources,
    new Telemetry(),
    new SealedCopies(new KeyRing(undefined)),
  );

  const outcome = await executor.execute(CLAIMED);

  expect(revive).toHaveBeenCalledTimes(1);
  expect(outcome).toEqual({
    kind: 'dead',
    failure: { message: expect.stringMatching(/^The stored data .* discard the dead letter\.$/), stack: null },
  });
});

it('leaves out of the error of a command what it quotes of a person, also a telephone number', async () => {
  jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const state = { key: { id: 'k', key: Buffer.alloc(32, 1) } };
  const find = (subjects: readonly string[]) => Promise.resolve(new Map(subjects.map((subject) => [subject, state])));
  const copies = new SealedCopies(new KeyRing({ find, make: find } as unknown as KeyStore));
  const commands = new StoredCommands();
  jest.spyOn(commands, 'revive').mockImplementation(({ data }) => {
    throw new Error(`nobody answers: ${data}`);
  });
  const executor = new CommandExecutor(
    {} as CommandBus,
    {} as MessageContext,
    commands,
    { find: () => ({ retry: { ...PARKING_RETRY, attempts: 1 }, actor: 'saga:a' }) } as unknown as CommandSources,
    new Telemetry(),
    copies,
  );
  const data = (await copies.seal('{"phone":"+4917012345678"}', ['ann'], dataOf(CLAIMED.id)))!;

  const outcome = await executor.execute({ ...CLAIMED, data });

  expect(outcome).toMatchObject({ kind: 'dead', failure: { message: 'nobody answers: {"phone":"[data]"}' } });
  expect(JSON.stringify(outcome)).not.toContain('4917012345678');
});

const stored = {
  type: 'orders.order-placed',
  schemaVersion: 2,
  position: 7,
  stream: 'order-1',
  version: 1,
} as RecordedEvent;

it.each([
  ['an event of a newer version', new NewerEventError(stored, 1)],
  ['an event of an unknown type, as a cause', new Error('no stock', { cause: new UnknownEventTypeError(stored) })],
  ['a command of a newer version', new UnknownCommandError('The command is version 2.')],
])('leaves a command that needs %s to another node, until attempts count', async (_what, error) => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const commands = new StoredCommands();
  jest.spyOn(commands, 'revive').mockImplementation(() => {
    throw error;
  });
  const retry = { ...PARKING_RETRY, attempts: 1 };
  const executor = new CommandExecutor(
    {} as CommandBus,
    {} as MessageContext,
    commands,
    { find: () => ({ retry, actor: 'saga:orders.fulfilment' }) } as unknown as CommandSources,
    new Telemetry(),
    new SealedCopies(new KeyRing(undefined)),
  );
  const outcomeAfter = async (tries: number): Promise<string> =>
    (await executor.execute({ ...CLAIMED, data: '{}', tries })).kind;

  expect([await outcomeAfter(1), await outcomeAfter(2)]).toEqual(['left', 'dead']);
});
