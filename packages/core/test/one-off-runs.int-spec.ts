import { partitionOf } from '../src/event-log/partition.js';
import { OneOffRuns } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterFullError } from './counters/counter.js';
import { CounterNodes, gate, lettersOf, open, pause, raise as raiseBy, settled } from './counters/counter-nodes.js';
import { LEVELLING_PROVIDERS, lowering, lowerIt, reaction } from './counters/counter-saga.js';
import { spreadIds } from './counters/spread-ids.js';
import { TALLY, tallies, type TallyOptions } from './counters/tally-projection.js';
import { SHARED_VIEW, SHARED_VIEW_FEATURE, SharedViewProjection } from './ranges/shared-view.js';

const TTL = 3_000;

describe.each(DATABASE_KINDS)('a stand-in for the owner of a subscription on %s', (kind) => {
  let nodes: CounterNodes;
  let id: string;

  const start = (runSubscriptions: boolean, tally: TallyOptions = {}): Promise<CounterNode> => {
    const edition = tallies(tally);
    const providers = [...(edition.providers ?? []), CounterAlarm];
    return nodes.start({ leaseTtl: TTL, runSubscriptions }, { ...edition, providers });
  };
  const stop = (node: CounterNode) => nodes.stop(node);
  const raise = (node: CounterNode) => raiseBy(node, id);
  const sql = (text: string) => nodes.viewsSql(text);
  const tallied = async (): Promise<number> => Number((await sql('select raises from tally'))[0]!.raises);
  const row = async () => (await sql(`select * from leftfold_read_models where name = '${TALLY}'`))[0]!;

  /** An application that has handled three events and shut down; then its rows were damaged. */
  const anEndedApplication = async (): Promise<void> => {
    const app = await start(true);
    id = await open(app);
    for (let times = 0; times < 3; times++) await raise(app);
    await eventually(async () => expect(await app.status(TALLY)).toMatchObject({ position: 4, handled: 3 }));
    await eventually(() => expect(alarm.calls).toHaveLength(3));
    await stop(app);
    await sql('update tally set raises = 7');
  };

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  it.each([
    ['a rebuild', false, 3],
    ['a dry run', true, 7],
  ])('does %s, releases the lease, and delivers nothing', async (_name, dryRun, raises) => {
    await anEndedApplication();
    const node = await start(false);
    await raise(node);
    await node.subscriptions.rebuild(TALLY, { dryRun });

    expect(await node.get(OneOffRuns).rebuild(TALLY)).toBe(true);

    expect(await node.status(TALLY)).toMatchObject({
      position: 4,
      handled: 3,
      owner: null,
      state: 'catching-up',
      rebuild: { state: 'done', dryRun, comparison: [{ changed: 1 }] },
    });
    expect(await tallied()).toBe(raises);
    expect(alarm.calls).toHaveLength(3);
  });

  it('does nothing if another process runs the subscription, or if it is halted', async () => {
    await anEndedApplication();
    const app = await start(true);
    await eventually(async () => expect((await app.status(TALLY)).owner).not.toBeNull());
    const node = await start(false);
    const { owner } = await node.status(TALLY);

    expect(await node.get(OneOffRuns).rebuild(TALLY)).toBe(false);
    expect((await node.status(TALLY)).owner).toBe(owner);

    await pause(node, TALLY);
    expect(await node.get(OneOffRuns).rebuild(TALLY)).toBe(false);
    await expect(node.get(OneOffRuns).rebuild(ALARM)).rejects.toMatchObject({ code: 'not-a-read-model' });
    await expect(node.get(OneOffRuns).rebuild('nobody')).rejects.toMatchObject({ code: 'subscription-not-found' });
  });

  it('renews the lease during long work, and an application waits for it', async () => {
    await anEndedApplication();
    const held = gate();
    const weigh = async (): Promise<number> => {
      await held.opened;
      return 1;
    };
    const node = await start(false, { weigh });
    await node.subscriptions.rebuild(TALLY);
    const standing = node.get(OneOffRuns).rebuild(TALLY);
    await eventually(async () => expect((await node.status(TALLY)).owner).not.toBeNull());
    const { owner, expires_at: first } = await row();

    const app = await start(true);
    // Renewed after its first end, and late enough for the application to have looked: it does so every quarter of a lease.
    await eventually(async () =>
      expect(Number((await row()).expires_at)).toBeGreaterThan(Number(first) + (4 * TTL) / 3),
    );
    expect((await row()).owner).toBe(owner);
    held.open();

    expect(await standing).toBe(true);
    await raise(app);
    await eventually(async () => expect(await app.status(TALLY)).toMatchObject({ state: 'live', position: 5 }));
    expect(await tallied()).toBe(4);
  });

  // The rest does not depend on the database.
  if (kind !== 'sqlite') return;

  it('is resumed by an application after an interruption', async () => {
    await anEndedApplication();
    const ending = new AbortController();
    const weigh = (): number => {
      ending.abort();
      return 1;
    };
    const node = await start(false, { weigh });
    await node.subscriptions.rebuild(TALLY);

    await node.get(OneOffRuns).rebuild(TALLY, ending.signal);

    expect(await node.status(TALLY)).toMatchObject({ owner: null, rebuild: { state: 'running' } });
    expect(await tallied()).toBe(7);
    await start(true);
    await eventually(async () => expect((await node.status(TALLY)).rebuild).toMatchObject({ state: 'done' }));
    expect(await tallied()).toBe(3);
  });

  it('keeps the record that an owner has crashed', async () => {
    await anEndedApplication();
    await sql(`update leftfold_read_models set owner = 'the dead', expires_at = 1`);
    const node = await start(false);
    await node.subscriptions.rebuild(TALLY, { dryRun: true });

    expect(await node.get(OneOffRuns).rebuild(TALLY)).toBe(true);

    expect(Number((await row()).attempts)).toBe(1);
    const app = await start(true);
    await raise(app);
    await eventually(async () => expect(await app.status(TALLY)).toMatchObject({ state: 'live', position: 5 }));
    expect(Number((await row()).attempts)).toBe(0);
  });

  /** One dead letter, and one event that waits behind it; no process runs the subscription. */
  const aDeadLetter = async (): Promise<string> => {
    const app = await start(true);
    id = await open(app);
    alarm.before = () => {
      throw new Error('no answer');
    };
    await raise(app);
    await raise(app);
    const [letter] = await eventually(async () => {
      const letters = await app.deadLetters.list(undefined, 10);
      expect(letters).toMatchObject([{ waiting: 1 }]);
      return letters;
    });
    await stop(app);
    return letter!.id;
  };

  it('makes one attempt at a dead letter and nothing else', async () => {
    const letter = await aDeadLetter();
    alarm.before = () => undefined;
    const node = await start(false);
    const oneOffRuns = node.get(OneOffRuns);
    await raise(node);
    expect(await oneOffRuns.retry(letter)).toBe(false);
    await node.deadLetters.retry(letter);
    expect(await node.deadLetters.fate(letter)).toMatchObject({ kind: 'event', state: 'retrying', isDue: true });

    expect(await oneOffRuns.retry(letter)).toBe(true);

    expect(alarm.calls.map(({ position }) => position)).toEqual([2]);
    expect(await node.deadLetters.fate(letter)).toBeUndefined();
    expect(await node.status(ALARM)).toMatchObject({ handled: 1, parked: 1, position: 3, owner: null });
  });

  it('retries a letter that fails again one attempt at a time, when it is due', async () => {
    const letter = await aDeadLetter();
    const node = await start(false);
    const { attempts } = (await node.deadLetters.fate(letter))!;
    await node.deadLetters.retry(letter);
    let made = 0;

    await eventually(async () => {
      made += (await node.get(OneOffRuns).retry(letter)) ? 1 : 0;
      expect(await node.deadLetters.fate(letter)).toMatchObject({ state: 'dead', error: 'no answer' });
    });

    expect(made).toBe(3);
    expect((await node.deadLetters.fate(letter))!.attempts).toBe(attempts + 3);
    expect(alarm.calls).toEqual([]);
  });

  it('makes no attempt for a paused subscription', async () => {
    const letter = await aDeadLetter();
    alarm.before = () => undefined;
    const node = await start(false);
    await node.subscriptions.pause(ALARM);
    await node.deadLetters.retry(letter);

    expect(await node.get(OneOffRuns).retry(letter)).toBe(false);
    expect(alarm.calls).toEqual([]);
  });

  it('executes a command of a saga that failed for good', async () => {
    const features = { providers: LEVELLING_PROVIDERS };
    reaction.to = lowerIt;
    lowering.before = () => {
      throw new CounterFullError('It is full.');
    };
    const app = await nodes.start({}, features);
    const counter = await open(app);
    await raiseBy(app, counter, 3);
    const [letter] = await lettersOf(app, 1);
    await stop(app);
    lowering.before = () => undefined;
    const node = await nodes.start({ runSubscriptions: false }, features);
    expect(await node.get(OneOffRuns).retry(letter!.id)).toBe(false);
    await node.deadLetters.retry(letter!.id);

    const attempts = await Promise.all([1, 2, 3].map(() => node.get(OneOffRuns).retry(letter!.id)));

    expect(attempts.filter(Boolean)).toHaveLength(1);
    expect(lowering.executions).toHaveLength(1);
    expect(await node.deadLetters.fate(letter!.id)).toBeUndefined();
    expect(await nodes.outbox()).toEqual([]);
  });
});

describe('a stand-in for nodes that shared a read model on PostgreSQL', () => {
  let nodes: CounterNodes;

  beforeAll(async () => {
    const features = { imports: [SHARED_VIEW_FEATURE], providers: [SharedViewProjection] };
    nodes = await CounterNodes.prepare('postgres', features);
  });

  afterAll(() => nodes.drop());

  it('rebuilds it although they have left its partitions at different positions', async () => {
    const app = await nodes.start();
    const ids = spreadIds(2);
    for (const id of ids) await open(app, id);
    const isLow = (id: string): boolean => partitionOf(`counter-${id}`) < 512;
    for (const id of ids) await raiseBy(app, id);
    await settled(app, { lag: 0 }, SHARED_VIEW);
    await nodes.stop(app);
    const node = await nodes.start({ runSubscriptions: false });
    const behind = await node.log.head();
    await raiseBy(node, ids.find(isLow)!);
    const ahead = await raiseBy(
      node,
      ids.find((id) => !isLow(id))!,
    );
    await nodes.viewsSql(
      `insert into leftfold_read_model_ranges (subscription, first_partition, last_partition, position, owner, epoch, expires_at)
       values ('${SHARED_VIEW}', 0, 511, ${behind}, 'the dead', 101, 1), ('${SHARED_VIEW}', 512, 1023, ${ahead}, null, 102, 1)`,
    );
    await nodes.viewsSql(
      `update leftfold_read_models set owner = 'split', halted = 'split', epoch = 102 where name = '${SHARED_VIEW}'`,
    );
    await nodes.viewsSql(`update shared_view set applied = '[0]'`);
    await node.subscriptions.rebuild(SHARED_VIEW);

    expect(await node.get(OneOffRuns).rebuild(SHARED_VIEW)).toBe(true);

    expect(await node.status(SHARED_VIEW)).toMatchObject({
      owner: null,
      position: behind,
      rebuild: { state: 'done', comparison: [{ changed: 2 }] },
    });
    const applied = async () => {
      const rows = await nodes.viewsSql('select counter_id, applied from shared_view');
      const positions = rows.map(
        (row) => [isLow(row.counter_id as string), JSON.parse(row.applied as string)] as const,
      );
      return Object.fromEntries(positions.map(([low, each]) => [low ? 'low' : 'high', each as number[]]));
    };
    expect(await applied()).toEqual({ low: [expect.any(Number)], high: [expect.any(Number), ahead] });
    await nodes.start();
    await settled(node, { lag: 0, handled: 4 }, SHARED_VIEW);
    expect(await applied()).toEqual({
      low: [expect.any(Number), behind + 1],
      high: [expect.any(Number), ahead],
    });
  });
});
