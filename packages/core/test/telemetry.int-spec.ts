import { jest } from '@jest/globals';
import { ClsService } from 'nestjs-cls';
import { v7 as uuidv7 } from 'uuid';
import {
  type AnsweredAppend,
  type CommittedBatch,
  type DecisionConflict,
  EventLogUnavailableError,
  type RetriedWork,
  Telemetry,
} from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, lettersOf, open, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS, lowering, lowerIt, reaction } from './counters/counter-saga.js';
import { CounterFullError } from './counters/counter.js';

const VIEW = 'counters.counter-view';

describe.each(DATABASE_KINDS)('telemetry on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let told: {
    appends: AnsweredAppend[];
    batches: CommittedBatch[];
    retries: RetriedWork[];
    conflicts: DecisionConflict[];
  };

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm, ...LEVELLING_PROVIDERS] });
    node = await nodes.start();
    const telemetry = node.get(Telemetry);
    telemetry.appends$.subscribe((each) => told.appends.push(each));
    telemetry.batches$.subscribe((each) => told.batches.push(each));
    telemetry.retries$.subscribe((each) => told.retries.push(each));
    telemetry.conflicts$.subscribe((each) => told.conflicts.push(each));
  });

  beforeEach(() => {
    told = { appends: [], batches: [], retries: [], conflicts: [] };
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await nodes.calm(node);
  });

  afterAll(() => nodes.drop());

  const append = (stream: string, ...eventIds: string[]): Promise<unknown> =>
    node.log.append([
      { stream, expected: 'any', events: eventIds.map((eventId) => ({ eventId, type: 'things.happened', data: {} })) },
    ]);

  it('reports the outcome of each append', async () => {
    await append('thing-1', uuidv7(), uuidv7());
    const events = [{ type: 'things.happened', data: {} }];
    await expect(node.log.append([{ stream: 'thing-1', expected: 1, events }])).rejects.toThrow('version 2');
    await expect(append('no stream', uuidv7())).rejects.toThrow('no stream');

    expect(told.appends.map(({ end }) => end)).toEqual(['stored', 'refused', 'failed']);
    expect(told.batches.map(({ appends, events }) => [appends, events])).toEqual([
      [1, 2],
      [1, 0],
    ]);
    // An append waits for its batch.
    expect(told.appends[0]!.took).toBeGreaterThanOrEqual(told.batches[0]!.took);
    expect(told.batches[0]!.took).toBeGreaterThan(0);
  });

  it('reports appends sent together as one batch, and appends sent again alone as several', async () => {
    const [taken, ...others] = [uuidv7(), uuidv7(), uuidv7()] as const;
    await append('thing-1', taken);
    await Promise.all(others.map((eventId, index) => append(`thing-${index + 2}`, eventId)));
    expect(told.batches.map(({ appends, events }) => [appends, events])).toEqual([
      [1, 1],
      [2, 2],
    ]);

    const answers = await Promise.allSettled([append('thing-4', taken), append('thing-5', uuidv7())]);

    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(told.batches.slice(2).map(({ appends, events }) => [appends, events])).toEqual([[1, 1]]);
    expect(told.appends.slice(3).map(({ end }) => end)).toEqual(['refused', 'stored']);
  });

  it('counts no events of a repeated command', async () => {
    const events = [{ type: 'things.happened', data: {} }];
    const command = { commandId: uuidv7() };
    await node.log.append([{ stream: 'thing-1', expected: 'any', events }], command);
    await node.log.append([{ stream: 'thing-1', expected: 'any', events }], command);

    expect(told.appends.map(({ end }) => end)).toEqual(['stored', 'stored']);
    expect(told.batches.map(({ events }) => events)).toEqual([1, 0]);
  });

  it('reports a decision that is repeated after a conflict', async () => {
    const id = await open(node);
    const other = await nodes.start({ runSubscriptions: false }, {});
    const append = node.log.append.bind(node.log);
    const outside = node.get(ClsService);
    jest.spyOn(node.log, 'append').mockImplementationOnce(async (...all) => {
      // Not a part of the command that is being stored.
      await outside.exit(() => raise(other, id));
      return append(...all);
    });

    await raise(node, id);

    expect(told.conflicts).toEqual([{ category: 'counter' }]);
    expect(told.appends.map(({ end }) => end)).toEqual(['stored', 'refused', 'stored']);
  });

  it("reports retries of a read model's event, and of a database that was away", async () => {
    const thrown = [new Error('no'), new EventLogUnavailableError(), new Error('no again')];
    node.interference.run = () => {
      const error = thrown.shift();
      if (error) throw error;
    };

    await open(node);

    await settled(node, {}, VIEW);
    // A database that is really away for a moment is told, too, at any time.
    const ofEvents = told.retries.filter(({ what }) => what === 'event');
    expect(ofEvents).toEqual(Array.from({ length: 2 }, () => ({ subscription: VIEW, what: 'event' })));
    expect(told.retries).toContainEqual({ subscription: VIEW, what: 'database' });
  });

  it('reports a parked event that is retried, but not its last failed attempt', async () => {
    alarm.before = () => {
      throw new Error('no answer');
    };
    await raise(node, await open(node));

    await lettersOf(node, 1);

    // Three attempts: two of them were followed by another one.
    expect(told.retries).toEqual(Array.from({ length: 2 }, () => ({ subscription: ALARM, what: 'event' })));
    expect(await node.deadLetters.count()).toEqual([{ subscription: ALARM, kind: 'event', count: 1 }]);
  });

  it('reports a saga’s command that is retried, but not one that is refused', async () => {
    reaction.to = lowerIt;
    lowering.before = () => {
      throw new Error('no answer');
    };
    await raise(node, await open(node));
    await lettersOf(node, 1);
    const retries = Array.from({ length: 2 }, () => ({ subscription: LEVELLING, what: 'command' }));
    expect(told.retries).toEqual(retries);

    lowering.before = () => {
      throw new CounterFullError('It is full.');
    };
    await raise(node, await open(node));
    const letters = await lettersOf(node, 2);

    expect(told.retries).toEqual(retries);
    expect(await node.deadLetters.count()).toEqual([{ subscription: LEVELLING, kind: 'command', count: 2 }]);
    await node.deadLetters.discard(letters[0]!.id);
    expect(await node.deadLetters.count()).toEqual([{ subscription: LEVELLING, kind: 'command', count: 1 }]);

    const held = gate();
    lowering.before = () => held.opened;
    await node.deadLetters.retry(letters[1]!.id);
    expect(await node.deadLetters.count()).toEqual([]);
    held.open();
  });

  it('continues when a listener throws, as does the reported work', async () => {
    const heard: string[] = [];
    const telemetry = node.get(Telemetry);
    const listeners = [
      telemetry.appends$.subscribe(() => {
        heard.push('append');
        throw new Error('The listener of appends is broken.');
      }),
      telemetry.retries$.subscribe(() => {
        heard.push('retrial');
        throw new Error('The listener of retries is broken.');
      }),
    ];
    let isBroken = true;
    alarm.before = () => {
      if (isBroken) {
        isBroken = false;
        throw new Error('no answer');
      }
    };
    listeners.push(telemetry.appends$.subscribe(() => heard.push('append, later')));

    await raise(node, await open(node));

    await settled(node, { parked: 0 }, ALARM);
    for (const each of listeners) each.unsubscribe();
    // The failed attempt and the answer of the second append are reported in either order.
    expect(heard.filter((each) => each !== 'retrial')).toEqual(['append', 'append, later', 'append', 'append, later']);
    expect(heard.filter((each) => each === 'retrial')).toHaveLength(1);
    expect(told.appends).toHaveLength(2);
    expect(told.retries).toHaveLength(1);
  });
});
