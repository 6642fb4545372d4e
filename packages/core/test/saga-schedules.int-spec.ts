import { jest } from '@jest/globals';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { of } from 'rxjs';
import { OutboxWorker } from '../src/sagas/outbox/outbox-worker.js';
import { Outbox } from '../src/sagas/outbox/outbox.js';
import { cancelScheduled, type EventSourcingOptions, scheduled, StoredCommand } from '../src/index.js';
import { MovableClock } from '../src/testing/movable-clock.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, lowered, open, raise, settled, worked } from './counters/counter-nodes.js';
import { LEVELLING_PROVIDERS, LowerCounterCommand, lowering, reaction } from './counters/counter-saga.js';
import type { CounterRaised } from './counters/counter.js';

const WINDOW = 15 * 60_000;
/** Raising a counter by this amount cancels its schedule; any other amount schedules. */
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
  let nodes: CounterNodes;
  let node: CounterNode;
  let clock: MovableClock;
  let moved = 0;

  const start = (options: Partial<EventSourcingOptions> = {}) => nodes.start({ scheduleClock: clock, ...options });
  const moveOn = (by: number): void => {
    moved += by;
    clock.moveOn(by);
  };
  const executed = (): number[] => lowering.executions.map(({ by }) => by);
  const states = async (): Promise<unknown[]> => (await nodes.outbox()).map(({ state }) => state);

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [...LEVELLING_PROVIDERS, NoteHandler] });
    clock = new MovableClock();
    node = await start();
  });

  beforeEach(() => {
    reaction.to = ({ counterId, by }) =>
      by === CANCEL
        ? of(cancelScheduled(counterId))
        : of(scheduled(new LowerCounterCommand(counterId, by), { after: WINDOW, key: counterId }));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await nodes.calm(node);
    moveOn(-moved);
  });

  afterAll(() => nodes.drop());

  it('wait for their time, and are executed once', async () => {
    const id = await open(node);
    const position = await raise(node, id, 3, { correlationId: 'ticket-1' });
    await settled(node);
    const [row] = await nodes.outbox();
    const [event] = (await node.log.readAll({ after: position - 1, limit: 1 })).events;
    expect(row).toMatchObject({ state: 'scheduled', line: null, schedule_key: id, correlation_id: 'ticket-1' });
    expect(Number(row!.due_at)).toBe(event!.recordedAt.getTime() + WINDOW);

    moveOn(WINDOW - 60_000);
    await raise(node, id, CANCEL + 1);
    await settled(node);
    expect(executed()).toEqual([]);

    moveOn(60_000);
    await worked(node, nodes);
    expect(executed()).toEqual([CANCEL + 1]);
  });

  it('are executed by the next process if they came due while none ran', async () => {
    const id = await open(node);
    await raise(node, id, 3);
    await settled(node);
    await nodes.stop(node);
    moveOn(10 * WINDOW);

    node = await start();

    await worked(node, nodes);
    expect(executed()).toEqual([3]);
    expect(await lowered(node, id)).toEqual([3]);
  });

  it('can also come due at a given time', async () => {
    const at = new Date(Date.now() + WINDOW);
    reaction.to = ({ counterId, by }) => of(scheduled(new LowerCounterCommand(counterId, by), { at, key: 'once' }));
    await raise(node, await open(node), 3);
    await settled(node);
    expect((await nodes.outbox()).map((row) => Number(row.due_at))).toEqual([at.getTime()]);

    moveOn(WINDOW + 1_000);
    await worked(node, nodes);
    expect(executed()).toEqual([3]);
  });

  it('are replaced by a schedule with the same key, and by no other', async () => {
    const [one, other] = [await open(node), await open(node)];
    for (const [id, by] of [
      [one, 1],
      [other, 2],
      [one, 3],
    ] as const)
      await raise(node, id, by);
    await settled(node);

    moveOn(WINDOW);

    await worked(node, nodes);
    expect(new Set(executed())).toEqual(new Set([2, 3]));
    expect(executed()).toHaveLength(2);
  });

  it('are not executed when they are cancelled in time, in the same or a later batch', async () => {
    const [one, other] = [await open(node), await open(node)];
    await raise(node, one, 1);
    await settled(node);
    await raise(node, one, CANCEL);
    await worked(node, nodes);
    const worker = node.get(OutboxWorker);
    const events = [2, CANCEL].map((by) => ({ type: 'counters.counter-raised', data: { counterId: other, by } }));
    await node.log.append([{ stream: `counter-${other}`, expected: 'any', events }]);
    await settled(node);

    moveOn(WINDOW);
    worker.check();

    expect(await nodes.outbox()).toEqual([]);
    await raise(node, one, 7);
    moveOn(WINDOW);
    await worked(node, nodes);
    expect(executed()).toEqual([7]);
  });

  it('are executed despite a cancellation once they have begun, even if their process crashes', async () => {
    const id = await open(node);
    const held = gate();
    lowering.before = () => held.opened;
    await raise(node, id, 3);
    await settled(node);
    moveOn(WINDOW);
    await eventually(async () => expect((await nodes.outbox())[0]).toMatchObject({ attempts: 1 }));

    await raise(node, id, CANCEL);
    await settled(node);
    expect(await states()).toEqual(['scheduled']);

    // Its claim expires as if the process had crashed: it neither renews nor polls, so another process claims the
    // command.
    const silent = node.get(Outbox);
    jest.spyOn(silent, 'renew').mockResolvedValue();
    jest.spyOn(silent, 'dueIn').mockResolvedValue(undefined);
    lowering.before = () => undefined;
    const second = await start();
    await nodes.sql(`update leftfold_saga_commands set due_at = 0`);
    second.get(OutboxWorker).check();
    await eventually(async () => expect(await lowered(second, id)).toEqual([3]));
    held.open();
    await worked(second, nodes);
    expect(await lowered(second, id)).toEqual([3]);
  });

  it('are either executed or cancelled when both happen at once, on two nodes', async () => {
    const [one, two] = [node, await start()];
    const ids: string[] = [];
    for (let count = 0; count < 40; count++) ids.push(await open(one));
    for (const id of ids) await raise(one, id, 1);
    await eventually(async () => expect(await nodes.outbox()).toHaveLength(40));

    const cancelling = Promise.all(ids.map((id, index) => raise(index % 2 ? one : two, id, CANCEL)));
    moveOn(WINDOW);
    await cancelling;

    await worked(one, nodes);
    const by = await Promise.all(ids.map((id) => lowered(one, id)));
    expect(by.every((each) => each.length === 0 || (each.length === 1 && each[0] === 1))).toBe(true);
    // A handler runs again when it meets a cancellation, and its command counts once.
    expect(new Set(lowering.executions.map(({ commandId }) => commandId)).size).toBe(by.flat().length);
  });

  it('are executed more and more at a time, up to 64, when many come due together', async () => {
    const many = 200;
    Object.assign(notes, { made: [], atOnce: 0, most: 0 });
    reaction.to = ({ by }: CounterRaised) => of(scheduled(new NoteCommand(by), { after: WINDOW, key: `note ${by}` }));
    const counterId = await open(node);
    const events = Array.from({ length: many }, (_, index) => ({
      type: 'counters.counter-raised',
      data: { counterId, by: index + 1 },
    }));
    await node.log.append([{ stream: `counter-${counterId}`, expected: 'any', events }]);
    await settled(node);

    moveOn(WINDOW);

    await worked(node, nodes);
    expect(notes.made).toHaveLength(many);
    expect(new Set(notes.made).size).toBe(many);
    expect(notes.most).toBeGreaterThan(16);
    expect(notes.most).toBeLessThanOrEqual(64);
  });
});
