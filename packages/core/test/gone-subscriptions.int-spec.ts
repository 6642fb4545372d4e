import { of } from 'rxjs';
import { LogVerifier, Retry, SagaName, scheduled, SideEffect } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { connectionsTo } from './support/side-connections.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, lettersOf, lowered, open, raise, settled } from './counters/counter-nodes.js';
import {
  LEVELLING,
  LEVELLING_PROVIDERS,
  LevellingSaga,
  LowerCounterCommand,
  LowerCounterHandler,
  lowering,
  lowerIt,
  reaction,
} from './counters/counter-saga.js';

const SIREN = 'counters.siren';
const BALANCING = 'counters.balancing';
const PATIENCE = { attempts: 1, backoff: { first: 20, longest: 80 } };
/** The process that runs a successor polls for new work after a third of the lease. */
const LEASE = { leaseTtl: 3_000 };
const DAY = 24 * 60 * 60_000;

/** The alarm, under another name. */
@Retry(PATIENCE)
@SideEffect({ name: SIREN })
class Siren extends CounterAlarm {}

/** The levelling saga, under another name. */
@Retry(PATIENCE)
@SagaName(BALANCING)
class BalancingSaga extends LevellingSaga {}

describe.each(DATABASE_KINDS)('remaining work of gone subscriptions on %s', (kind) => {
  /** What is left, for each test to copy. */
  let prepared: CounterNodes;
  let nodes: CounterNodes;
  let id: string;
  /** Ids of the dead letters of the alarm's event and the saga's command. */
  let letters: { event: string; command: string };

  const without = () => nodes.start({}, { providers: [LowerCounterHandler] });
  const renamed = () => nodes.start(LEASE, { providers: [Siren, BalancingSaga, LowerCounterHandler] });
  const left = async (node: CounterNode): Promise<unknown[]> =>
    (await node.subscriptions.listGone()).map(({ name, events, commands }) => [name, events, commands]);
  const isSound = async (node: CounterNode): Promise<void> => {
    const { found } = await node.get(LogVerifier).verify();
    expect(found).toBe(0);
  };

  /** An alarm with two parked events; a saga with a dead command, one that waits behind it, and a scheduled one. */
  beforeAll(async () => {
    prepared = await CounterNodes.prepare(kind);
    const node = await prepared.start({}, { providers: [CounterAlarm, ...LEVELLING_PROVIDERS] });
    id = await open(node);
    alarm.before = () => {
      throw new Error('no answer');
    };
    lowering.before = () => {
      throw new Error('out of order');
    };
    reaction.to = lowerIt;
    await raise(node, id, 1);
    await raise(node, id, 2);
    await settled(node);
    reaction.to = ({ counterId }) => of(scheduled(new LowerCounterCommand(counterId, 5), { after: DAY, key: 'later' }));
    await raise(node, id, 3);
    const found = await lettersOf(node, 2);
    letters = { event: '', command: '', ...Object.fromEntries(found.map((each) => [each.kind, each.id])) };
    await settled(node, { parked: 3 }, ALARM);
    await settled(node);
    await prepared.stop(node);
  });

  beforeEach(async () => {
    nodes = await prepared.copy();
  });

  afterEach(() => nodes.drop());
  afterAll(() => prepared.drop());

  it('is counted, and its dead letters are not retried', async () => {
    const node = await without();

    expect(await left(node)).toEqual([
      [ALARM, 3, 0],
      [LEVELLING, 0, 3],
    ]);
    for (const letter of Object.values(letters)) {
      await expect(node.deadLetters.retry(letter)).rejects.toMatchObject({
        code: 'subscription-gone',
        message: expect.stringMatching(/no subscription ".+" any more.*move.*or discard/) as string,
      });
      expect(await node.deadLetters.fate(letter)).toMatchObject({ state: 'dead' });
    }
    await node.deadLetters.discard(letters.command);
    await node.deadLetters.discard(letters.event);
    expect(await left(node)).toEqual([
      [ALARM, 2, 0],
      [LEVELLING, 0, 2],
    ]);
  });

  it('is discarded together with its checkpoint', async () => {
    const node = await without();
    await node.subscriptions.discardGone(ALARM);
    await node.subscriptions.discardGone(LEVELLING);

    expect(await node.subscriptions.listGone()).toEqual([]);
    expect(await lettersOf(node, 0)).toEqual([]);
    expect(await nodes.outbox()).toEqual([]);
    expect(await nodes.sql('select * from leftfold_parked_events')).toEqual([]);
    await expect(node.subscriptions.discardGone(ALARM)).rejects.toMatchObject({ code: 'subscription-not-found' });
    await isSound(node);
  });

  it('can be moved to the subscriptions that replace it, which process it in order', async () => {
    const node = await renamed();
    await settled(node, {}, SIREN);
    await node.subscriptions.moveGone(ALARM, SIREN);
    await node.subscriptions.moveGone(LEVELLING, BALANCING);

    expect(await node.subscriptions.listGone()).toEqual([]);
    expect((await lettersOf(node, 2)).map(({ subscription }) => subscription)).toEqual(
      expect.arrayContaining([SIREN, BALANCING]),
    );
    await node.deadLetters.retry(letters.event);
    await node.deadLetters.retry(letters.command);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2]));
    await eventually(async () => expect(await nodes.sql('select * from leftfold_parked_events')).toEqual([]));
    expect(alarm.calls.slice(0, 3).map(({ position }) => position)).toEqual([2, 3, 4]);
    // A command leaves the outbox after its effect is stored.
    await eventually(async () =>
      expect(await nodes.outbox()).toEqual([
        expect.objectContaining({ saga: BALANCING, state: 'scheduled', schedule_key: 'later' }),
      ]),
    );
    await isSound(node);
  });

  it("comes before its successor's own parked events of the same stream", async () => {
    alarm.before = ({ position }) => {
      if (position > 4) throw new Error('not yet');
    };
    const node = await renamed();
    reaction.to = () => of();
    const position = await raise(node, id, 7);
    await eventually(async () =>
      expect(await lettersOf(node, 3)).toMatchObject([{}, {}, { subscription: SIREN, position }]),
    );

    await node.subscriptions.moveGone(ALARM, SIREN);
    await isSound(node);
    alarm.before = () => undefined;
    await node.deadLetters.retry(letters.event);

    await eventually(() => expect(alarm.calls.map((call) => call.position)).toEqual([2, 3, 4, position]));
  });

  it("is not touched while another version of the program runs it, and can't be moved to an unfit successor", async () => {
    const node = await renamed();
    const older = await nodes.start({}, { providers: [CounterAlarm, ...LEVELLING_PROVIDERS] });
    await eventually(async () => expect((await older.status(ALARM)).owner).not.toBeNull());

    const refusals: [Promise<void>, string][] = [
      [node.subscriptions.discardGone(ALARM), 'subscription-in-use'],
      [node.subscriptions.moveGone(ALARM, SIREN), 'subscription-in-use'],
      [node.subscriptions.discardGone(SIREN), 'subscription-not-gone'],
      [node.subscriptions.moveGone(ALARM, 'counters.none'), 'subscription-not-found'],
    ];
    for (const [refusal, code] of refusals) await expect(refusal).rejects.toMatchObject({ code });
    await nodes.stop(older);
    for (const [from, to] of [
      [ALARM, 'counters.counter-view'],
      [LEVELLING, SIREN],
    ] as const) {
      await expect(node.subscriptions.moveGone(from, to)).rejects.toMatchObject({ code: 'unfit-successor' });
    }
    expect(await left(node)).toEqual([
      [ALARM, 3, 0],
      [LEVELLING, 0, 3],
    ]);
  });

  // On SQLite no process can claim a command at the same time.
  const locking = kind === 'postgres' ? (['moveGone', 'discardGone'] as const) : [];
  for (const method of locking) {
    it(`is not touched by ${method} when another process claims a command at the same time`, async () => {
      const node = await renamed();
      await eventually(async () => expect((await node.status(BALANCING)).position).toBeGreaterThan(0));
      const other = await connectionsTo(nodes.database.url).connect();
      const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');
      await other.query('begin');
      await other.query(
        `update leftfold_saga_commands set claimed_by = 'another version', due_at = due_at + ${DAY} where state = 'scheduled'`,
      );

      const moved = node.subscriptions[method](LEVELLING, BALANCING).catch((error: unknown) => error);
      await eventually(async () =>
        expect(
          await nodes.sql(
            // The node that runs the successor renews its lease, and waits for the move, not for the claim.
            `select 1 from pg_stat_activity where ${rows[0]!.pid} = any(pg_blocking_pids(pid))`,
          ),
        ).toHaveLength(1),
      );
      await other.query('commit');
      other.release();

      expect(await moved).toMatchObject({ code: 'subscription-in-use' });
      expect((await left(node)).at(-1)).toEqual([LEVELLING, 0, 3]);
    });
  }

  it('includes a dead letter whose command is gone; its retry is refused', async () => {
    const node = await nodes.start({}, { providers: [CounterAlarm, LevellingSaga] });

    await expect(node.deadLetters.retry(letters.command)).rejects.toMatchObject({
      code: 'command-gone',
      message: expect.stringMatching(/no command "counters.lower-counter" .*discard/) as string,
    });
  });
});
