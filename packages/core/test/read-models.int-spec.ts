import { v7 as uuidv7 } from 'uuid';
import { Databases, ReadModel } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, eventsOf, gate, open, raise, undisturbed } from './counters/counter-nodes.js';
import { CounterView, GetCounterQuery, type Interference } from './counters/counter-view.js';

/** On SQLite a process notices within a quarter of the lease that another one has shut down. */
const LEASE = { leaseTtl: 6_000 };

/** The row once it includes this position. */
async function rowAt(node: CounterNode, counterId: string, minPosition?: number): Promise<CounterView | null> {
  const origin = { minPosition: minPosition ?? (await node.log.head()) };
  return (await node.from(origin, () => node.queries.execute(new GetCounterQuery(counterId)))).result;
}

describe.each(DATABASE_KINDS)('read models on %s', (kind) => {
  let nodes: CounterNodes;
  /** Runs the read models. */
  let node: CounterNode;
  /** Runs no read models. */
  let writer: CounterNode;

  const positionsOf = async (counterId: string): Promise<number[]> =>
    (await eventsOf(writer, counterId)).map((event) => event.position);
  /** Events handled so far, up to the head. */
  const handled = async (): Promise<number> => {
    await rowAt(node, uuidv7());
    return (await node.status()).handled;
  };
  const restart = async (): Promise<void> => {
    await nodes.stop(node);
    node = await nodes.start(LEASE);
  };

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    writer = await nodes.start({ ...LEASE, runSubscriptions: false });
    node = await nodes.start(LEASE);
  });

  afterEach(() => {
    undisturbed();
    node.interference.run = () => undefined;
  });

  afterAll(() => nodes.drop());

  it('follow the log, every event once and in order', async () => {
    const so = await handled();
    const ids = await Promise.all(Array.from({ length: 10 }, () => open(node)));
    await Promise.all(ids.flatMap((id) => Array.from({ length: 10 }, () => raise(node, id))));
    for (const id of ids) {
      expect(await rowAt(node, id)).toMatchObject({ value: 10, applied: await positionsOf(id) });
    }
    expect(await node.status()).toMatchObject({ state: 'live', lag: 0, handled: so + 110, lastError: null });
  });

  it('continue at their checkpoint after a restart and catch up', async () => {
    const id = await open(node);
    await rowAt(node, id);
    const so = await handled();
    await nodes.stop(node);
    await raise(writer, id, 4);
    node = await nodes.start(LEASE);
    expect(await rowAt(node, id)).toMatchObject({ value: 4, applied: await positionsOf(id) });
    expect(await handled()).toBe(so + 1);
  });

  it('roll back a failed batch and retry it', async () => {
    const so = await handled();
    const held = gate();
    let failures = 0;
    const ids: string[] = [];
    node.interference.run = async (event) => {
      await held.opened;
      if (event.counterId === ids[2] && failures++ < 2) throw new Error('not yet');
    };
    for (let n = 0; n < 3; n++) ids.push(await open(writer));
    held.open();
    for (const id of ids) expect(await rowAt(node, id)).toMatchObject({ applied: await positionsOf(id) });
    expect(failures).toBe(3);
    expect(await handled()).toBe(so + 3);
  });

  it('stop when a handler keeps failing, report the reason and position, and start again with the next process', async () => {
    const id = await open(node);
    await rowAt(node, id);
    const so = await handled();
    node.interference.run = () => {
      throw new Error('the handler is broken');
    };
    await raise(node, id);
    await eventually(async () =>
      expect(await node.status()).toMatchObject({
        state: 'stopped',
        lag: 1,
        handled: so,
        owner: null,
        lastError: `the handler is broken (counters.counter-raised at position ${await node.log.head()})`,
      }),
    );
    expect((await node.queries.execute(new GetCounterQuery(id)))!.value).toBe(0);

    await restart();
    expect(await rowAt(node, id)).toMatchObject({ value: 1, applied: await positionsOf(id) });
    expect(await node.status()).toMatchObject({ state: 'live', lastError: null });
  });

  it('have one owner among several processes, and another takes over at once when it shuts down', async () => {
    const id = await open(node);
    await rowAt(node, id);
    const { owner } = await node.status();
    const second = await nodes.start(LEASE);
    for (let n = 0; n < 20; n++) await raise(n % 2 ? node : second, id);
    expect(await rowAt(second, id)).toMatchObject({ value: 20, applied: await positionsOf(id) });
    expect((await second.status()).owner).toBe(owner);

    await nodes.stop(node);
    node = second;
    await raise(node, id);
    expect(await rowAt(node, id)).toMatchObject({ value: 21, applied: await positionsOf(id) });
    expect((await node.status()).owner).not.toBe(owner);
  });

  it('read rows saved earlier in the same batch, and remove rows', async () => {
    const held = gate();
    const ids: string[] = [];
    node.interference.run = async (event, _context, rows) => {
      await held.opened;
      if (event.counterId === ids[1]) rows.remove(event.counterId);
      if (event.counterId === ids[2]) {
        const manager = await rows.manager();
        await manager.query(`update counter_view set value = 40 where counter_id in ('${ids[0]}', '${ids[2]}')`);
        expect((await rows.get(event.counterId))!.value).toBe(40);
      }
    };
    for (let n = 0; n < 3; n++) ids.push(await open(writer));
    await raise(writer, ids[0]!, 2);
    held.open();
    expect(await rowAt(node, ids[0]!)).toMatchObject({ value: 42 });
    expect(await rowAt(node, ids[1]!)).toBeNull();
    expect(await rowAt(node, ids[2]!)).toMatchObject({ value: 40 });
  });

  it('continue with a row that was corrected by hand while they were at the head', async () => {
    const id = await open(writer);
    expect(await rowAt(node, id)).toMatchObject({ value: 0 });
    await nodes.viewsSql(`update counter_view set value = 100 where counter_id = '${id}'`);
    await raise(writer, id, 2);
    expect(await rowAt(node, id)).toMatchObject({ value: 102 });
  });

  it('read and write a batch in few statements', async () => {
    const held = gate();
    node.interference.run = () => held.opened;
    // The first batch waits for the gate, and the rest of the log becomes the second one.
    const ids = [await open(writer)];
    await eventually(async () => expect((await node.status()).lag).toBe(1));
    // A few at a time: what waits long for a connection is refused.
    for (let n = 0; n < 10; n++) ids.push(...(await Promise.all(Array.from({ length: 20 }, () => open(writer)))));
    for (let n = 0; n < ids.length; n += 20) await Promise.all(ids.slice(n, n + 20).map((id) => raise(writer, id)));

    const statements: string[] = [];
    const { logger } = node.get(Databases).views.write.dataSource;
    const logQuery = logger.logQuery.bind(logger);
    logger.logQuery = (sql) => void statements.push(sql);
    held.open();
    for (const id of ids) expect(await rowAt(node, id)).toMatchObject({ value: 1 });
    logger.logQuery = logQuery;
    const ofRows = statements.filter((sql) => sql.includes('counter_view'));
    expect(ofRows.length).toBeGreaterThan(1);
    // 402 events for 201 rows: a handful of batches, each with one lookup and a few multi-row upserts.
    expect(ofRows.length).toBeLessThan(60);
  });

  it("can't be used outside a batch", () => {
    expect(() => new ReadModel(CounterView).save(new CounterView())).toThrow('only while its projection handles');
  });

  describe('a query that waits for a position', () => {
    it('is answered at once when the read model has reached it', async () => {
      const id = await open(node);
      expect(await rowAt(node, id)).toMatchObject({ counterId: id });
      expect(await rowAt(node, id)).toMatchObject({ counterId: id });
    });

    it('is answered by a node that runs no subscriptions', async () => {
      for (let round = 0; round < 10; round++)
        expect(await rowAt(writer, await open(writer))).toMatchObject({ value: 0 });
    });

    it('is refused after the time limit, when the position is not reached or no process runs the read model', async () => {
      const hasty = await nodes.start({ readWaitLimit: 100, runSubscriptions: false });
      const refusal = { code: 'read-model-behind', retryAfter: 1 };
      await expect(rowAt(hasty, uuidv7(), (await hasty.log.head()) + 1_000)).rejects.toMatchObject(refusal);

      await handled();
      await nodes.stop(node);
      await hasty.log.append([{ stream: 'other-1', expected: 'any', events: [{ type: 'x.happened', data: {} }] }]);
      // The read model does not handle such an event, so the query need not wait for it.
      expect(await rowAt(hasty, uuidv7())).toBeNull();
      const id = await open(hasty);
      await expect(rowAt(hasty, id)).rejects.toMatchObject(refusal);

      await nodes.stop(hasty);
      node = await nodes.start(LEASE);
    });
  });
});

describe.each(DATABASE_KINDS)('leases of read models on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let other: CounterNode;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    node = await nodes.start({ leaseTtl: 600 });
    other = await nodes.start({ leaseTtl: 600 });
  });

  afterAll(() => nodes.drop());

  it('roll back the batch of a process that lost its lease during it', async () => {
    const id = await open(node);
    await rowAt(node, id);
    const { handled } = await node.status();
    let taken = false;
    const takeOver: Interference['run'] = async (_event, _context, rows) => {
      if (taken) return;
      taken = true;
      // Simulates another node that takes over an expired lease; in the same transaction, because SQLite has one
      // writer.
      const manager = await rows.manager();
      await manager.query('update leftfold_read_models set epoch = epoch + 1');
    };
    // With a lease this short, a node that stands still for a moment loses it to the other one.
    for (const each of [node, other]) each.interference.run = takeOver;
    const position = await raise(node, id);
    expect(await rowAt(node, id)).toMatchObject({ value: 1, applied: [position - 1, position] });
    expect(taken).toBe(true);
    expect((await node.status()).handled).toBe(handled + 1);
  });

  it('are taken over from an owner that does not renew in time', async () => {
    const id = await open(node);
    await rowAt(node, id);
    // A crashed process: its lease is held and not renewed.
    await nodes.stop(node);
    await nodes.viewsSql(`update leftfold_read_models set owner = 'a dead process', epoch = epoch + 1`);
    const position = await raise(other, id);
    expect(await rowAt(other, id)).toMatchObject({ value: 1, applied: [position - 1, position] });
  });
});
