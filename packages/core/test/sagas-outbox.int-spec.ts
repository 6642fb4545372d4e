import { jest } from '@jest/globals';
import { of } from 'rxjs';
import { OutboxWorker } from '../src/sagas/outbox/outbox-worker.js';
import { Outbox } from '../src/sagas/outbox/outbox.js';
import { Databases, ExpectedError } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { schemaDifferences } from './support/schema-differences.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, lettersOf, lowered, open, raise, settled } from './counters/counter-nodes.js';
import {
  LEVELLING,
  LEVELLING_PROVIDERS,
  LowerCounterCommand,
  LowerCounterHandler,
  lowering,
  lowerIt,
  reaction,
} from './counters/counter-saga.js';
import { CounterFullError } from './counters/counter.js';

class AwayError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
}

describe.each(DATABASE_KINDS)('the outbox of sagas on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
    node = await nodes.start();
  });

  beforeEach(() => {
    reaction.to = lowerIt;
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await nodes.calm(node);
  });

  afterAll(() => nodes.drop());

  /** The node claims no command until the returned function is called. */
  const claimingNothing = (): (() => void) => {
    const claiming = jest
      .spyOn(node.get(Outbox), 'settleAndClaim')
      .mockRejectedValue(new Error('The process is gone.'));
    return () => {
      claiming.mockRestore();
      node.get(OutboxWorker).check();
    };
  };
  const restart = async (): Promise<void> => {
    await nodes.stop(node);
    jest.restoreAllMocks();
    node = await nodes.start();
  };

  it('keeps unexecuted commands over a restart', async () => {
    claimingNothing();
    const id = await open(node);
    await raise(node, id, 3);
    await settled(node);
    expect(await nodes.outbox()).toMatchObject([
      { saga: LEVELLING, stream: `counter-${id}`, name: 'counters.lower-counter', state: 'ready', attempts: 0 },
    ]);
    expect(lowering.executions).toEqual([]);

    await restart();
    await eventually(async () => expect(await lowered(node, id)).toEqual([3]));
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(lowering.executions).toHaveLength(1);
  });

  it('executes a command again after its process crashed, and the command takes effect once', async () => {
    const outbox = node.get(Outbox);
    const settleAndClaim = outbox.settleAndClaim.bind(outbox);
    const dying = jest
      .spyOn(outbox, 'settleAndClaim')
      .mockImplementation((settlements, ...rest) =>
        settlements.length > 0
          ? Promise.reject(new Error('The process is gone.'))
          : settleAndClaim(settlements, ...rest),
      );
    const id = await open(node);
    await raise(node, id, 3);
    await eventually(async () => expect(await lowered(node, id)).toEqual([3]));
    await eventually(() => expect(dying.mock.calls.some(([settlements]) => settlements.length > 0)).toBe(true));
    await nodes.stop(node);
    expect(await nodes.outbox()).toMatchObject([{ state: 'ready', attempts: 1 }]);
    // Makes its claim expire.
    await nodes.sql('update leftfold_saga_commands set due_at = 0');

    node = await nodes.start();
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(lowering.executions).toHaveLength(2);
    const [once, again] = lowering.executions;
    expect(again!.commandId).toBe(once!.commandId);
    expect(again!.handler).not.toBe(once!.handler);
    expect(await lowered(node, id)).toEqual([3]);
  });

  it('stores one effect when an event is handled again, whether its command was executed or not', async () => {
    const takeAgain = claimingNothing();
    const id = await open(node);
    await settled(node);
    const { position } = await node.status(LEVELLING);
    const handleAgain = async (): Promise<void> => {
      await node.subscriptions.pause(LEVELLING);
      await eventually(async () => expect(await node.status(LEVELLING)).toMatchObject({ owner: null }));
      await nodes.sql(
        `update leftfold_subscriptions set position = ${position}, event_id = null where name = '${LEVELLING}'`,
      );
      await node.subscriptions.resume(LEVELLING);
      await settled(node, { state: 'live' });
    };
    await raise(node, id, 3);
    await settled(node);

    await handleAgain();
    expect(await nodes.outbox()).toHaveLength(1);
    takeAgain();
    await raise(node, id, 4);
    await eventually(async () => expect(await lowered(node, id)).toEqual([3, 4]));

    await handleAgain();
    await eventually(() => expect(lowering.executions.map(({ by }) => by)).toEqual([3, 4, 3, 4]));
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(await lowered(node, id)).toEqual([3, 4]);
  });

  it('stores no command of an event whose checkpoint did not move', async () => {
    const outbox = node.get(Outbox);
    const add = outbox.add.bind(outbox);
    const failing = jest.spyOn(outbox, 'add').mockImplementation(async (...all) => {
      await add(...all);
      throw new Error('The disk is full.');
    });
    const id = await open(node);
    const position = await raise(node, id, 3);
    await eventually(async () => expect(await node.status(LEVELLING)).toMatchObject({ state: 'stopped' }));
    const status = await node.status(LEVELLING);
    expect(status).toMatchObject({ lastError: expect.stringContaining('The disk is full.') as string });
    expect(status.position).toBeLessThan(position);
    expect(await nodes.outbox()).toEqual([]);

    failing.mockRestore();
    await node.subscriptions.resume(LEVELLING);
    await eventually(async () => expect(await lowered(node, id)).toEqual([3]));
  });

  it('continues after the database was away', async () => {
    jest
      .spyOn(node.get(Outbox), 'settleAndClaim')
      .mockRejectedValueOnce(new Error('connection refused'))
      .mockRejectedValueOnce(new Error('connection refused'));
    const id = await open(node);
    await raise(node, id, 3);
    await eventually(async () => expect(await lowered(node, id)).toEqual([3]));
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
  });

  it.each([
    ['a fault', () => new Error('disk on fire')],
    ['a reply that it is unavailable', () => new AwayError('Not now.')],
  ])(
    'holds back the later commands of a stream after %s and retries, while other streams continue',
    async (_what, fault) => {
      const [sick, well] = [await open(node), await open(node)];
      let broken = true;
      lowering.before = ({ counterId }) => {
        if (counterId === sick && broken) throw fault();
      };
      const first = await raise(node, sick, 1);
      await raise(node, sick, 2);
      await raise(node, well, 7);
      await eventually(async () => expect(await lowered(node, well)).toEqual([7]));
      const [letter] = await lettersOf(node, 1);
      expect(letter).toMatchObject({
        kind: 'command',
        subscription: LEVELLING,
        type: 'counters.lower-counter',
        stream: `counter-${sick}`,
        position: first,
        version: 2,
        attempts: 3,
        error: fault().message,
        waiting: 1,
      });
      expect(letter!.stack).toContain('sagas-outbox.int-spec');
      expect(letter!.lastFailedAt.getTime()).toBeGreaterThan(letter!.firstFailedAt.getTime());
      expect(await node.deadLetters.get(letter!.id)).toEqual(letter);

      await raise(node, sick, 3);
      await settled(node, { parked: 0 });
      expect((await nodes.outbox()).map(({ state }) => state)).toEqual(['dead', 'waiting', 'waiting']);
      broken = false;
      await node.deadLetters.retry(letter!.id);
      await eventually(async () => expect(await lowered(node, sick)).toEqual([1, 2, 3]));
      await eventually(async () => expect(await nodes.outbox()).toEqual([]));
      await lettersOf(node, 0);
    },
  );

  it('retries by itself and keeps the order of a stream', async () => {
    const id = await open(node);
    const tries = new Map<number, number>();
    lowering.before = ({ by }) => {
      tries.set(by, (tries.get(by) ?? 0) + 1);
      if (tries.get(by)! < 3) throw new Error('not yet');
    };
    for (const by of [1, 2, 3]) await raise(node, id, by);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2, 3]));
    expect([...tries.values()]).toEqual([3, 3, 3]);
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
  });

  it('makes a refused command a dead letter at once, and later commands continue', async () => {
    const id = await open(node);
    let full = true;
    let refusals = 0;
    lowering.before = ({ by }) => {
      if (by !== 1 || !full) return;
      refusals += 1;
      throw new CounterFullError('No room below.');
    };
    const first = await raise(node, id, 1);
    for (const by of [2, 3]) await raise(node, id, by);
    await eventually(async () => expect(await lowered(node, id)).toEqual([2, 3]));
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({
      kind: 'command',
      position: first,
      attempts: 1,
      error: 'No room below.',
      waiting: 0,
    });
    expect(refusals).toBe(1);

    await node.deadLetters.retry(letter!.id);
    await eventually(async () =>
      expect(await node.deadLetters.list(undefined, 10)).toMatchObject([{ id: letter!.id, attempts: 2 }]),
    );
    full = false;
    await node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(node, id)).toEqual([2, 3, 1]));
    await lettersOf(node, 0);
  });

  it('continues with later commands when a dead letter is discarded', async () => {
    const id = await open(node);
    lowering.before = ({ by }) => {
      if (by === 1) throw new Error('never');
    };
    for (const by of [1, 2]) await raise(node, id, by);
    const [letter] = await lettersOf(node, 1);
    expect(await lowered(node, id)).toEqual([]);
    await node.deadLetters.discard(letter!.id);
    await eventually(async () => expect(await lowered(node, id)).toEqual([2]));
    await expect(node.deadLetters.discard(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
    await expect(node.deadLetters.retry(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
  });

  it('lists dead events and dead commands together, in pages, in the order in which they became dead letters', async () => {
    const kinds = ['event', 'command', 'command', 'event'] as const;
    const ids: string[] = [];
    for (const [index, what] of kinds.entries()) {
      const id = await open(node);
      reaction.to =
        what === 'event'
          ? () => {
              throw new Error('no thought');
            }
          : lowerIt;
      lowering.before = () => {
        throw new Error('no deed');
      };
      await raise(node, id);
      ids.push(`counter-${id}`);
      await lettersOf(node, index + 1);
    }
    const pages: string[] = [];
    for (let after: string | undefined, page = 0; page < 4; page++) {
      const letters = await node.deadLetters.list(after, 1);
      expect(letters).toHaveLength(1);
      expect(letters[0]!.kind).toBe(kinds[page]);
      pages.push(letters[0]!.stream);
      after = letters[0]!.id;
    }
    expect(pages).toEqual(ids);
  });

  it.each([
    ['of an unknown name', `name = 'counters.forgotten'`, /registered for the stored command "counters.forgotten"/],
    ['of a newer version', 'version = 2', /version 2 of "counters.lower-counter".*Deploy the newer program/],
  ])('makes a command %s a dead letter', async (_what, change, sentence) => {
    const takeAgain = claimingNothing();
    const id = await open(node);
    await raise(node, id);
    await settled(node);
    await nodes.sql(`update leftfold_saga_commands set ${change}`);
    takeAgain();
    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({ kind: 'command', error: expect.stringMatching(sentence) as string });
    expect(lowering.executions).toEqual([]);
  });

  it('makes a command a dead letter after several processes crashed on it', async () => {
    const takeAgain = claimingNothing();
    const id = await open(node);
    await raise(node, id);
    await settled(node);
    await nodes.sql(
      `update leftfold_saga_commands set claimed_by = 'a dead process', tries = 3, deaths = 2, attempts = 3`,
    );
    takeAgain();
    const [letter] = await lettersOf(node, 1);
    expect(letter!.error).toBe('The process died 3 times while it executed this command.');
    await node.deadLetters.retry(letter!.id);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1]));
  });

  it('is not used by a process that runs no subscriptions', async () => {
    const takeAgain = claimingNothing();
    const id = await open(node);
    await raise(node, id);
    await settled(node);

    const idle = await nodes.start({ runSubscriptions: false });
    await raise(idle, id, 2);
    takeAgain();
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2]));
    expect(lowering.executions.map(({ handler }) => handler === node.get(LowerCounterHandler))).toEqual([true, true]);
  });

  it('has tables that match its entities', async () => {
    const { dataSource } = node.get(Databases).events.write;
    expect(dataSource.entityMetadatas.map(({ tableName }) => tableName)).toContain('leftfold_saga_commands');
    expect(await schemaDifferences(dataSource)).toEqual([]);
  });

  it('executes many commands in the order of their streams', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => open(node)));
    reaction.to = ({ counterId, by }) =>
      of(...Array.from({ length: by }, (_, n) => new LowerCounterCommand(counterId, n + 1)));
    await Promise.all(ids.map((id) => raise(node, id, 5)));
    for (const id of ids) await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2, 3, 4, 5]));
  });
});

/** A claim lasts for three leases, in ms. */
const LEASE = 500;

describe.each(DATABASE_KINDS)('the outbox of two processes on %s', (kind) => {
  let nodes: CounterNodes;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
  });

  beforeEach(() => {
    reaction.to = lowerIt;
  });

  afterEach(async () => {
    lowering.before = () => undefined;
    await nodes.stopAll();
  });

  afterAll(() => nodes.drop());

  it('does not take over a command from a slow process that renews its claim', async () => {
    const first = await nodes.start({ leaseTtl: LEASE });
    await nodes.start({ leaseTtl: LEASE });
    const held = gate();
    let begun = 0;
    lowering.before = async () => {
      begun += 1;
      await held.opened;
    };
    const id = await open(first);
    await raise(first, id);
    await eventually(() => expect(begun).toBe(1));
    const [before] = await nodes.outbox();
    // Without renewals the claim would have expired.
    await eventually(() => expect(Date.now()).toBeGreaterThan(Number(before!.due_at)));
    expect(Number((await nodes.outbox())[0]!.due_at)).toBeGreaterThan(Number(before!.due_at));
    expect(begun).toBe(1);
    held.open();
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(await lowered(first, id)).toEqual([1]);
  });

  it('executes each command once with two processes', async () => {
    const [first, second] = [await nodes.start(), await nodes.start()];
    lowering.executions = [];
    const held = gate();
    lowering.before = () => held.opened;
    const ids = await Promise.all(Array.from({ length: 24 }, () => open(first)));
    for (const id of ids) await raise(first, id);
    // More than one process executes at once, so the other one claims the rest.
    await eventually(async () => {
      second.get(OutboxWorker).check();
      const owners = (await nodes.outbox()).flatMap(({ claimed_by }) => claimed_by ?? []);
      expect(new Set(owners).size).toBe(2);
    });
    held.open();
    for (const id of ids) for (let by = 2; by <= 2; by++) await raise(first, id, by);

    for (const id of ids) await eventually(async () => expect(await lowered(first, id)).toEqual([1, 2]));
    await eventually(async () => expect(await nodes.outbox()).toEqual([]));
    expect(lowering.executions).toHaveLength(48);
    expect(new Set(lowering.executions.map(({ commandId }) => commandId)).size).toBe(48);
    expect(new Set(lowering.executions.map(({ handler }) => handler)).size).toBe(2);
  });
});
