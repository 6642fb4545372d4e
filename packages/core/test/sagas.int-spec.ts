import { CommandHandler, type ICommand, type ICommandHandler } from '@nestjs/cqrs';
import { concat, EMPTY, mergeMap, of, tap, timer } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import { commandIdOf } from '../src/sagas/command-id.js';
import { scheduled, StoredCommand } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { CounterNode } from './counters/counter-node.js';
import {
  CounterNodes,
  eventsOf,
  lettersOf,
  lowered,
  open,
  pause,
  raise,
  readToHead,
  settled,
} from './counters/counter-nodes.js';
import {
  LEVELLING,
  LEVELLING_PROVIDERS,
  LowerCounterCommand,
  lowering,
  lowerIt,
  reaction,
} from './counters/counter-saga.js';
import { RaiseAllCommand, RaiseCounterCommand } from './counters/counter.js';

@StoredCommand('counters.forget-counter', 1)
class ForgottenCommand {
  constructor(readonly counterId: string) {}
}

@StoredCommand('counters.carry', 1)
class LargeCommand {
  constructor(
    readonly name: string,
    readonly load: string,
  ) {}
}

const carried: string[] = [];

@CommandHandler(LargeCommand)
class CarryHandler implements ICommandHandler<LargeCommand> {
  async execute({ name }: LargeCommand): Promise<void> {
    carried.push(name);
  }
}

describe.each(DATABASE_KINDS)('sagas on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  /** A counter that was raised before there was a saga. */
  let before: string;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [...LEVELLING_PROVIDERS, CarryHandler] });
    const older = await nodes.start({}, {});
    before = await open(older);
    await raise(older, before, 7);
    await nodes.stop(older);
    node = await nodes.start();
  });

  afterEach(() => nodes.calm(node));

  afterAll(() => nodes.drop());

  it('have their commands executed once, with the event as cause', async () => {
    reaction.to = lowerIt;
    const id = await open(node);
    const correlationId = uuidv7();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const custom = { tenant: 'acme', 'a\0': ['\ud83d', -0.5], nested: { actor: 'nobody' } };
    await raise(node, id, 5, { correlationId, traceparent, custom });

    await eventually(async () => expect(await lowered(node, id)).toEqual([5]));
    const [, raised, answer] = await eventsOf(node, id);
    expect(answer!.metadata).toEqual({
      actor: `saga:${LEVELLING}`,
      correlationId,
      causationId: raised!.eventId,
      commandId: commandIdOf(LEVELLING, { method: 'lowerWhenRaised' }, raised!.eventId, 0),
      traceparent,
      custom,
    });
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    await settled(node, { kind: 'saga', parked: 0, lastError: null, state: 'live', rebuild: null });
    await expect(node.subscriptions.rebuild(LEVELLING)).rejects.toMatchObject({ code: 'not-a-read-model' });
  });

  it('emit several commands, which run in that order', async () => {
    reaction.to = ({ counterId, by }) =>
      of(...[1, 2, 3, 4].flatMap((n) => [null as never, new LowerCounterCommand(counterId, by * n)]));
    const id = await open(node);
    await raise(node, id, 1);
    await raise(node, id, 10);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2, 3, 4, 10, 20, 30, 40]));
    expect(new Set(lowering.executions.map(({ commandId }) => commandId)).size).toBe(8);
  });

  it('may emit asynchronously', async () => {
    reaction.to = (event) => timer(20).pipe(mergeMap(() => lowerIt(event)));
    const id = await open(node);
    await raise(node, id, 2);
    await eventually(async () => expect(await lowered(node, id)).toEqual([2]));
  });

  it('emit copies: a later change of a command has no effect', async () => {
    reaction.to = ({ counterId }) => {
      const command = new LowerCounterCommand(counterId, 1);
      return concat(of(command), of(command).pipe(tap((same) => Object.assign(same, { by: 2 }))));
    };
    const id = await open(node);
    await raise(node, id);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2]));
  });

  it('begin with the next event when they are new and the log is not', async () => {
    reaction.to = lowerIt;
    await raise(node, before, 9);
    await eventually(async () => expect(await lowered(node, before)).toEqual([9]));
  });

  it('continue after an error, without holding back other events', async () => {
    const ids = [await open(node), await open(node), await open(node), await open(node)];
    let broken = true;
    reaction.to = (event) => {
      if (event.counterId === ids[1] && broken) throw new Error('can not think');
      return lowerIt(event);
    };
    const positions: number[] = [];
    for (const id of ids) positions.push(await raise(node, id));
    for (const index of [0, 2, 3]) {
      await eventually(async () => expect(await lowered(node, ids[index]!)).toEqual([1]));
    }
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({
      kind: 'event',
      subscription: LEVELLING,
      type: 'counters.counter-raised',
      position: positions[1],
      attempts: 3,
      error: 'can not think',
      waiting: 0,
    });
    await raise(node, ids[1]!, 2);
    await settled(node, { parked: 2 });
    expect(await lowered(node, ids[1]!)).toEqual([]);

    broken = false;
    await node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(node, ids[1]!)).toEqual([1, 2]));
    await settled(node, { parked: 0, lastError: null });
  });

  it.each([
    [
      'emits a command that is not stored',
      () => of(new RaiseAllCommand([])),
      /RaiseAllCommand can't be stored. Put @StoredCommand/,
    ],
    [
      'emits a list in place of its members',
      () => of([] as never as ICommand),
      /Array can't be stored.*emit a command that has it/,
    ],
    [
      'emits a command without a handler',
      () => of(new ForgottenCommand('x')),
      /ForgottenCommand has no handler in this application.*Add its @CommandHandler/,
    ],
    [
      'emits a value that JSON would change',
      ({ counterId }) => of(new LowerCounterCommand(counterId, Infinity)),
      /LowerCounterCommand.by can't be stored: Infinity is no JSON number/,
    ],
    [
      'emits a command that is too large',
      ({ counterId }) => of(new LargeCommand(counterId, 'x'.repeat(1024 * 1024))),
      /LargeCommand has \d+ bytes of data, and at most 1048576 are stored. Let the command name/,
    ],
    [
      'schedules a command for a time out of range',
      ({ counterId }) => of(scheduled(new LowerCounterCommand(counterId, 1), { after: 8.64e15, key: 'x' })),
      /can't be scheduled after 8640000000000000 ms: no Date holds that time. Give a shorter time/,
    ],
    [
      'throws an error without a readable message',
      () => {
        throw Object.assign(new Error('x'), { message: { no: 'text' }, stack: 5 });
      },
      /does not say why. Throw an Error/,
    ],
  ] as [string, typeof reaction.to, RegExp][])(
    'park the event when a method %s, with a readable error',
    async (_what, react, sentence) => {
      const [id, other] = [await open(node), await open(node)];
      reaction.to = (event) => (event.counterId === id ? react(event) : lowerIt(event));
      await raise(node, id);
      await raise(node, other);
      const [letter] = await lettersOf(node, 1);
      expect(letter).toMatchObject({ kind: 'event', attempts: 3, error: expect.stringMatching(sentence) as string });
      await eventually(async () => expect(await lowered(node, other)).toEqual([1]));
      await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    },
  );

  it('park an event whose command the database refuses, with the later ones of its stream', async () => {
    const [sick, well] = [await open(node), await open(node)];
    reaction.to = lowerIt;
    await nodes.refuse('"by":13');
    await pause(node, LEVELLING);
    const position = [await raise(node, sick, 1), await raise(node, sick, 13), await raise(node, sick, 2)][1];
    await raise(node, well, 3);
    // Both streams are in one batch when the saga continues.
    await readToHead(node);
    await node.subscriptions.resume(LEVELLING);

    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ kind: 'event', position, attempts: 3 });
    expect(letter!.error).toContain('refused "by":13');
    await eventually(async () => expect(await lowered(node, well)).toEqual([3]));
    // The event, the one after it, and the one that the first command caused.
    await settled(node, { state: 'live', parked: 3 });
    expect(await lowered(node, sick)).toEqual([1]);

    await nodes.refuse(undefined);
    await node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(node, sick)).toEqual([1, 13, 2]));
    await settled(node, { parked: 0 });
  });

  it('execute a command whose event has an invalid trace context', async () => {
    reaction.to = lowerIt;
    const id = await open(node);
    await raise(node, id, 1, { traceparent: 'no trace' });
    await eventually(async () => expect(await lowered(node, id)).toEqual([1]));
  });

  it('can emit more for one event than fits into one statement', async () => {
    // Of 8 MiB at most.
    const commands = 9;
    const load = 'x'.repeat(1024 * 1000);
    carried.length = 0;
    reaction.to = () => of(...Array.from({ length: commands }, (_, n) => new LargeCommand(`${n}`, load)));
    await raise(node, await open(node));
    await eventually(() => expect(carried).toEqual(Array.from({ length: commands }, (_, n) => `${n}`)));
  });

  it('store nothing of an event on which they fail halfway', async () => {
    reaction.to = ({ counterId }) => of(new LowerCounterCommand(counterId, 1), new RaiseCounterCommand(counterId, 1));
    await raise(node, await open(node));
    await lettersOf(node, 1);
    expect(await nodes.outbox()).toEqual([]);
    expect(lowering.executions).toEqual([]);
  });

  it('have no effect when they emit nothing', async () => {
    reaction.to = () => EMPTY;
    const { handled } = await node.status(LEVELLING);
    await raise(node, await open(node));
    await settled(node, { handled: handled + 2 });
    expect(await nodes.outbox()).toEqual([]);
  });
});
