import { jest } from '@jest/globals';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { of } from 'rxjs';
import { v7 as uuidv7 } from 'uuid';
import { OutboxWorker } from '../../src/event-sourcing/sagas/outbox/outbox-worker.js';
import { Outbox } from '../../src/event-sourcing/sagas/outbox/outbox.js';
import { cancelScheduled, scheduled, StoredCommand } from '../../src/event-sourcing/index.js';
import { MovableClock } from '../../src/event-sourcing/testing/movable-clock.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { CounterNode } from './counters/counter-node.js';
import { LEVELLING_PROVIDERS, LowerCounterCommand, lowering, reaction } from './counters/counter-saga.js';
import { type CounterRaised } from './counters/counter.js';
import { LevellingNodes, lowered, open, raise, settled, worked } from './counters/levelling-nodes.js';

const WINDOW = 15 * 60_000;
/** What cancels, where a counter is raised by it; anything else schedules. */
const CANCEL = 99;

/** Executed many at a time; appends nothing. */
@StoredCommand('counters.note', 1)
class NoteCommand extends Command<void> {
  constructor(readonly index: number) {
    super();
  }
}

const notes = { made: [] as number[], atOnce: 0, most: 0 };

@CommandHandler(NoteCommand)
class NoteHandler implements ICommandHandler<NoteCommand> {
  async execute({ index }: NoteCommand): Promise<void> {
    notes.atOnce += 1;
    notes.most = Math.max(notes.most, notes.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    notes.atOnce -= 1;
    notes.made.push(index);
  }
}

describe.each(DATABASE_KINDS)('scheduled commands of sagas on %s', (kind) => {
  let nodes: LevellingNodes;
  let clock: MovableClock;

  const start = (options: Parameters<LevellingNodes['start']>[0] = {}) =>
    nodes.start({ scheduleClock: clock, ...options });
  const executed = (): number[] => lowering.executions.map(({ by }) => by);
  const states = async (): Promise<unknown[]> => (await nodes.outbox()).map(({ state }) => state);
  beforeEach(async () => {
    nodes = await LevellingNodes.prepare(kind);
    clock = new MovableClock();
    reaction.to = ({ counterId, by }) =>
      by === CANCEL
        ? of(cancelScheduled(counterId))
        : of(scheduled(new LowerCounterCommand(counterId, by), { after: WINDOW, key: counterId }));
  });

  afterEach(() => nodes.drop());

  it('wait for their time, and are executed once', async () => {
    const node = await start();
    const id = await open(node);
    const position = await raise(node, id, 3, { correlationId: 'ticket-1' });
    await settled(node, { handled: 2 });
    const [row] = await nodes.outbox();
    const [event] = (await node.log.readAll({ after: position - 1, limit: 1 })).events;
    expect(row).toMatchObject({ state: 'scheduled', line: null, schedule_key: id, correlation_id: 'ticket-1' });
    expect(Number(row!.due_at)).toBe(event!.recordedAt.getTime() + WINDOW);

    clock.moveOn(WINDOW - 60_000);
    await raise(node, id, CANCEL + 1);
    await settled(node, { handled: 3 });
    expect(executed()).toEqual([]);

    clock.moveOn(60_000);
    await worked(node, nodes);
    expect(executed()).toEqual([CANCEL + 1]);
  });

  it('are executed by whoever runs next when they came due while nobody did', async () => {
    const first = await start();
    const id = await open(first);
    await raise(first, id, 3);
    await settled(first, { handled: 2 });
    await nodes.stop(first);
    clock.moveOn(10 * WINDOW);

    const second = await start();

    await worked(second, nodes);
    expect(executed()).toEqual([3]);
    expect(await lowered(second, id)).toEqual([3]);
  });

  it('come due at a time, too', async () => {
    const at = new Date(Date.now() + WINDOW);
    reaction.to = ({ counterId, by }) => of(scheduled(new LowerCounterCommand(counterId, by), { at, key: 'once' }));
    const node = await start();
    await raise(node, await open(node), 3);
    await settled(node, { handled: 2 });
    expect((await nodes.outbox()).map((row) => Number(row.due_at))).toEqual([at.getTime()]);

    clock.moveOn(WINDOW + 1_000);
    await worked(node, nodes);
    expect(executed()).toEqual([3]);
  });

  it('are replaced by what is scheduled under the same key, and by no other', async () => {
    const node = await start();
    const [one, other] = [await open(node), await open(node)];
    for (const [id, by] of [
      [one, 1],
      [other, 2],
      [one, 3],
    ] as const)
      await raise(node, id, by);
    await settled(node, { handled: 5 });

    clock.moveOn(WINDOW);

    await worked(node, nodes);
    expect(new Set(executed())).toEqual(new Set([2, 3]));
    expect(executed()).toHaveLength(2);
  });

  it('are not executed when they are cancelled in time, at once or in a later batch', async () => {
    const node = await start();
    const [one, other] = [await open(node), await open(node)];
    await raise(node, one, 1);
    await settled(node, { handled: 3 });
    await raise(node, one, CANCEL);
    await worked(node, nodes);
    const worker = node.get(OutboxWorker);
    const events = [2, CANCEL].map((by) => ({ type: 'counters.counter-raised', data: { counterId: other, by } }));
    await node.log.append([{ stream: `counter-${other}`, expected: 'any', events }]);
    await settled(node, { handled: 6 });

    clock.moveOn(WINDOW);
    worker.look();

    expect(await nodes.outbox()).toEqual([]);
    await raise(node, one, 7);
    clock.moveOn(WINDOW);
    await worked(node, nodes);
    expect(executed()).toEqual([7]);
  });

  it('are executed although they are cancelled once they have begun, also when their process dies of it', async () => {
    const first = await start({ leaseTtl: 1_000 });
    const id = await open(first);
    let go: () => void = () => undefined;
    let hang: Promise<void> | undefined = new Promise((resolve) => (go = resolve));
    lowering.before = () => hang;
    await raise(first, id, 3);
    await settled(first, { handled: 2 });
    clock.moveOn(WINDOW);
    await eventually(async () => expect((await nodes.outbox())[0]).toMatchObject({ attempts: 1 }));

    await raise(first, id, CANCEL);
    await settled(first, { handled: 3 });
    expect(await states()).toEqual(['scheduled']);

    // Its claim runs out as if the process were dead, which neither renews it nor looks again; another one takes it.
    const silent = first.get(Outbox);
    jest.spyOn(silent, 'renew').mockResolvedValue();
    jest.spyOn(silent, 'dueIn').mockResolvedValue(undefined);
    hang = undefined;
    const second = await start({ leaseTtl: 1_000 });
    await nodes.sql(`update saga_commands set due_at = 0`);
    second.get(OutboxWorker).look();
    await eventually(async () => expect(await lowered(second, id)).toEqual([3]));
    go();
    await worked(second, nodes);
    expect(await lowered(second, id)).toEqual([3]);
  });

  it('are either executed or cancelled when both come at once, on two nodes', async () => {
    const [one, two] = [await start({ leaseTtl: 1_000 }), await start({ leaseTtl: 1_000 })];
    const ids: string[] = [];
    for (let count = 0; count < 40; count++) ids.push(await open(one));
    for (const id of ids) await raise(one, id, 1);
    await eventually(async () => expect(await nodes.outbox()).toHaveLength(40));

    const cancelling = Promise.all(ids.map((id, index) => raise(index % 2 ? one : two, id, CANCEL)));
    clock.moveOn(WINDOW);
    await cancelling;

    await worked(one, nodes);
    const by = await Promise.all(ids.map((id) => lowered(one, id)));
    expect(by.every((each) => each.length === 0 || (each.length === 1 && each[0] === 1))).toBe(true);
    expect(executed()).toHaveLength(by.flat().length);
  });

  it('are worked off a few at a time when ten thousand came due during an outage', async () => {
    const many = 10_000;
    Object.assign(notes, { made: [], atOnce: 0, most: 0 });
    reaction.to = ({ by }: CounterRaised) => of(scheduled(new NoteCommand(by), { after: WINDOW, key: `note ${by}` }));
    const providers = [...LEVELLING_PROVIDERS, NoteHandler];
    const boot = () => CounterNode.start(nodes.database, { leaseTtl: 120_000, scheduleClock: clock }, { providers });
    const first = await boot();
    const counterId = uuidv7();
    for (let begin = 0; begin < many; begin += 1_000) {
      const events = Array.from({ length: 1_000 }, (_, index) => ({
        type: 'counters.counter-raised',
        data: { counterId, by: begin + index + 1 },
      }));
      await first.log.append([{ stream: `counter-${counterId}`, expected: 'any', events }]);
    }
    await eventually(async () => {
      const [row] = await nodes.sql('select count(*) as count from saga_commands');
      expect(Number(row!.count)).toBe(many);
    }, 60_000);
    await first.stop();
    clock.moveOn(WINDOW);

    const second = await boot();
    try {
      await eventually(async () => {
        const [row] = await nodes.sql('select count(*) as count from saga_commands');
        expect(Number(row!.count)).toBe(0);
      }, 90_000);
    } finally {
      await second.stop();
    }
    expect(notes.made).toHaveLength(many);
    expect(new Set(notes.made).size).toBe(many);
    expect(notes.most).toBeLessThanOrEqual(16);
  }, 180_000);
});
