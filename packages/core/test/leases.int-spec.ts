import { jest } from '@jest/globals';
import { StatesByKind } from '../src/subscriptions/states/states-by-kind.js';
import { LONGEST_LEASE } from '../src/subscriptions/states/longest-lease.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNodes, gate, lettersOf, lowered, open, pause, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS, lowerIt, reaction } from './counters/counter-saga.js';

const VIEW = 'counters.counter-view';
const YEAR = 365 * 24 * 60 * 60_000;

describe.each(DATABASE_KINDS)('impossibly late times on %s', (kind) => {
  const now = kind === 'sqlite' ? "unixepoch('subsec') * 1000" : 'extract(epoch from clock_timestamp()) * 1000';
  const inTime = (by: number) => `cast(${now} + ${by} as ${kind === 'sqlite' ? 'integer' : 'bigint'})`;
  let nodes: CounterNodes;
  let id: string;

  /** Another process holds all leases for this long. */
  const takeAll = async (by: number): Promise<void> => {
    const taken = `set owner = 'elsewhere', epoch = epoch + 1, expires_at = ${inTime(by)}`;
    await nodes.sql(`update leftfold_subscriptions ${taken}`);
    await nodes.viewsSql(`update leftfold_read_models ${taken}`);
  };

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm, ...LEVELLING_PROVIDERS] });
    const node = await nodes.start();
    id = await open(node);
    for (const name of [VIEW, ALARM, LEVELLING]) await settled(node, {}, name);
    await nodes.stop(node);
  });

  afterEach(() => nodes.stopAll());

  afterAll(() => nodes.drop());

  it('count as an expired lease, which another process takes over', async () => {
    // With time for the start: a lease that ends sooner than the longest one is waited for.
    await takeAll(LONGEST_LEASE + 60_000);
    const node = await nodes.start({ leaseTtl: 3_000 });
    await raise(node, id);
    for (const name of [VIEW, ALARM, LEVELLING]) {
      await settled(node, { owner: expect.not.stringMatching('elsewhere') as string }, name);
    }
  });

  it('do not include the end of the longest allowed lease', async () => {
    await takeAll(LONGEST_LEASE - 5_000);
    const node = await nodes.start({ leaseTtl: 3_000 });
    for (const name of [VIEW, ALARM, LEVELLING]) {
      expect(await node.status(name)).toMatchObject({ owner: 'elsewhere' });
    }
    await nodes.stop(node);
    await takeAll(-5_000);
  });

  it.each([
    ['of a claimed command', `state = 'ready', claimed_by = 'elsewhere'`],
    ['of an unclaimed command', `state = 'ready', claimed_by = null`],
    ['of a command that is retried', `state = 'retrying', claimed_by = null`],
  ])('are not waited for: %s', async (_what, state) => {
    const sleeper = await nodes.start({ runSubscriptions: false });
    const node = await nodes.start();
    reaction.to = lowerIt;
    await pause(node, LEVELLING);
    await raise(sleeper, id, 2);
    await nodes.stop(node);
    await nodes.sql(
      `insert into leftfold_saga_commands (id, saga, stream, line, position, place, name, version, data, correlation_id, causation_id, ${state.replaceAll(/ = [^,]+/g, '')}, due_at)
       select event_id, '${LEVELLING}', stream, stream, position, 0, 'counters.lower-counter', 1, '{"counterId":"${id}","by":2}',
              correlation_id, event_id, ${state.replaceAll(/\w+ = /g, '')}, ${inTime(YEAR)}
         from leftfold_events order by position desc limit 1`,
    );
    const before = (await lowered(sleeper, id)).length;

    const next = await nodes.start();

    await eventually(async () => expect(await lowered(next, id)).toHaveLength(before + 1));
    // The saga handles the event that the pause kept from it. Its command must be through before the next row counts.
    await next.subscriptions.resume(LEVELLING);
    await eventually(async () => expect(await lowered(next, id)).toHaveLength(before + 2));
    await nodes.stop(sleeper);
  });

  it('are not waited for: of a parked event', async () => {
    let node = await nodes.start();
    reaction.to = () => lowerIt({ counterId: id, by: 0 } as never);
    alarm.before = () => {
      throw new Error('no answer');
    };
    const position = await raise(node, id);
    await lettersOf(node, 1);
    await nodes.stop(node);
    alarm.before = () => undefined;
    await nodes.sql(`update leftfold_parked_events set state = 'retrying', tries = 0, due_at = ${inTime(YEAR)}`);

    node = await nodes.start();

    await eventually(() => expect(alarm.calls.map((call) => call.position)).toContain(position));
  });
});

// It does not depend on the database.
it('leases are not renewed again while a renewal of them hangs, and those in the other database are', async () => {
  const nodes = await CounterNodes.prepare('sqlite', { providers: [CounterAlarm] });
  try {
    const node = await nodes.start({ leaseTtl: 600 });
    for (const name of [VIEW, ALARM]) await settled(node, { state: 'live' }, name);
    const states = node.get(StatesByKind);
    const { opened, open: answer } = gate();
    const renew = states['read-model'].renew.bind(states['read-model']);
    const hanging = jest.spyOn(states['read-model'], 'renew').mockImplementation(() => opened.then(renew));
    const other = jest.spyOn(states['side-effect'], 'renew');

    await eventually(() => expect(other.mock.calls.length).toBeGreaterThan(3));
    expect(hanging).toHaveBeenCalledTimes(1);
    answer();
    await eventually(() => expect(hanging.mock.calls.length).toBeGreaterThan(1));
  } finally {
    jest.restoreAllMocks();
    await nodes.drop();
  }
});
