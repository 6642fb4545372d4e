import { v7 as uuidv7 } from 'uuid';
import { Databases, type RecordedEvent } from '../../src/event-sourcing/index.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { CounterNode } from './counters/counter-node.js';
import { CounterView, GetCounterQuery, interference } from './counters/counter-view.js';

describe.each(DATABASE_KINDS)('read models on %s', (kind) => {
  let database: TestDatabase;
  const nodes: CounterNode[] = [];

  const start = async (options: Parameters<typeof CounterNode.start>[1] = {}): Promise<CounterNode> => {
    const node = await CounterNode.start(database, { leaseTtl: 2_000, ...options });
    nodes.push(node);
    return node;
  };
  const open = async (node: CounterNode): Promise<string> => {
    const counterId = uuidv7();
    await node.commands.execute(new OpenCounterCommand(counterId, counterId));
    return counterId;
  };
  /** The row once it includes this position. */
  const rowAt = async (node: CounterNode, counterId: string, minPosition?: number) =>
    (
      await node.from({ minPosition: minPosition ?? (await node.log.head()) }, () =>
        node.queries.execute(new GetCounterQuery(counterId)),
      )
    ).result!;
  const positionsOf = async (node: CounterNode, counterId: string): Promise<number[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of node.log.readStream(`counter-${counterId}`)) events.push(event);
    return events.map((event) => event.position);
  };

  beforeEach(async () => {
    interference.run = () => undefined;
    database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
    await database.drop();
  });

  it('follow the log, every event once and in order', async () => {
    const node = await start();
    const ids = await Promise.all(Array.from({ length: 10 }, () => open(node)));
    await Promise.all(
      ids
        .flatMap((id) => Array.from({ length: 10 }, () => id))
        .map((id) => node.commands.execute(new RaiseCounterCommand(id, 1))),
    );
    for (const id of ids) {
      const row = await rowAt(node, id);
      expect(row.value).toBe(10);
      expect(row.applied).toEqual(await positionsOf(node, id));
    }
    expect(await node.status()).toMatchObject({ state: 'live', lag: 0, handled: 110, lastError: null });
  });

  it('go on after a restart where they stopped, and catch up with what came meanwhile', async () => {
    const first = await start();
    const id = await open(first);
    await rowAt(first, id);
    const writer = await start({ runSubscriptions: false });
    await first.stop();
    nodes.splice(nodes.indexOf(first), 1);
    await writer.commands.execute(new RaiseCounterCommand(id, 4));
    const second = await start();
    const row = await rowAt(second, id);
    expect(row).toMatchObject({ value: 4, applied: await positionsOf(second, id) });
    expect((await second.status()).handled).toBe(2);
  });

  it('leave nothing behind of a batch that fails, and try it again', async () => {
    const node = await start({ runSubscriptions: false });
    const ids = [await open(node), await open(node)];
    let failures = 0;
    interference.run = (event) => {
      if (event.counterId === ids[1] && failures++ < 2) throw new Error('not yet');
    };
    const worker = await start();
    for (const id of ids) expect((await rowAt(worker, id)).applied).toEqual(await positionsOf(node, id));
    expect(failures).toBe(3);
    expect((await worker.status()).handled).toBe(2);
  });

  it('stop when a handler goes on failing, say why and where, and start again with the next process', async () => {
    const node = await start();
    const id = await open(node);
    await rowAt(node, id);
    interference.run = () => {
      throw new Error('the handler is broken');
    };
    await node.commands.execute(new RaiseCounterCommand(id, 1));
    await eventually(async () =>
      expect(await node.status()).toMatchObject({
        state: 'stopped',
        lag: 1,
        handled: 1,
        owner: null,
        lastError: 'the handler is broken (counters.counter-raised at position 2)',
      }),
    );
    expect((await node.queries.execute(new GetCounterQuery(id)))!.value).toBe(0);

    interference.run = () => undefined;
    const mended = await start();
    expect(await rowAt(mended, id)).toMatchObject({ value: 1, applied: await positionsOf(mended, id) });
    expect(await mended.status()).toMatchObject({ state: 'live', lastError: null });
  });

  it('have one owner among several processes, and pass over at once when it stops', async () => {
    const first = await start();
    const id = await open(first);
    await rowAt(first, id);
    const { owner } = await first.status();
    const second = await start();
    for (let raise = 0; raise < 20; raise++) {
      await (raise % 2 ? first : second).commands.execute(new RaiseCounterCommand(id, 1));
    }
    expect(await rowAt(second, id)).toMatchObject({ value: 20, applied: await positionsOf(second, id) });
    expect((await second.status()).owner).toBe(owner);

    await first.stop();
    nodes.splice(nodes.indexOf(first), 1);
    await second.commands.execute(new RaiseCounterCommand(id, 1));
    expect(await rowAt(second, id)).toMatchObject({ value: 21, applied: await positionsOf(second, id) });
    expect((await second.status()).owner).not.toBe(owner);
  });

  it('roll back what a process wrote whose lease was taken in the middle of a batch', async () => {
    const sleeper = await start();
    const id = await open(sleeper);
    await rowAt(sleeper, id);
    let taken = false;
    interference.run = async (_event, _context, rows) => {
      if (taken) return;
      taken = true;
      // What another node does when the lease has run out; here within the same transaction, as SQLite has one writer.
      const manager = await rows.manager();
      await manager.query('update read_models set epoch = epoch + 1');
    };
    await sleeper.commands.execute(new RaiseCounterCommand(id, 1));
    expect(await rowAt(sleeper, id)).toMatchObject({ value: 1, applied: await positionsOf(sleeper, id) });
    expect(taken).toBe(true);
    expect((await sleeper.status()).handled).toBe(2);
  });

  it('take over from an owner that is silent for the lease', async () => {
    const node = await start({ runSubscriptions: false });
    const id = await open(node);
    const [first, second] = [await start({ leaseTtl: 600 }), await start({ leaseTtl: 600 })];
    await rowAt(first, id);
    // A dead process: its lease stands, and nobody renews it.
    await first.stop();
    nodes.splice(nodes.indexOf(first), 1);
    await node
      .get(Databases)
      .views.write.transaction((manager) =>
        manager.query(`update read_models set owner = 'a dead process', epoch = epoch + 1`),
      );
    await node.commands.execute(new RaiseCounterCommand(id, 1));
    expect(await rowAt(second, id)).toMatchObject({ value: 1, applied: await positionsOf(second, id) });
  });

  it('see within a batch what they saved in it, and remove rows', async () => {
    const node = await start({ runSubscriptions: false });
    const ids = [await open(node), await open(node), await open(node)];
    await node.commands.execute(new RaiseCounterCommand(ids[0]!, 2));
    interference.run = async (event, _context, rows) => {
      if (event.counterId === ids[1]) rows.remove(event.counterId);
      if (event.counterId === ids[2]) {
        const manager = await rows.manager();
        await manager.query('update counter_view set value = 40');
        expect((await rows.get(event.counterId))!.value).toBe(40);
      }
    };
    const worker = await start();
    expect((await rowAt(worker, ids[0]!)).value).toBe(42);
    expect(await rowAt(worker, ids[1]!)).toBeNull();
    expect((await rowAt(worker, ids[2]!)).value).toBe(40);
  });

  it('read and write a batch in few statements', async () => {
    const worker = await start();
    const writer = await start({ runSubscriptions: false });
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    interference.run = () => gate;
    // The first batch waits for the gate, and the rest of the log becomes the second one.
    const ids = [await open(writer)];
    await eventually(async () => expect((await worker.status()).lag).toBe(1));
    ids.push(...(await Promise.all(Array.from({ length: 200 }, () => open(writer)))));
    await Promise.all(ids.map((id) => writer.commands.execute(new RaiseCounterCommand(id, 1))));

    const statements: string[] = [];
    const { logger } = worker.get(Databases).views.write.dataSource;
    logger.logQuery = (sql) => void statements.push(sql);
    goOn();
    for (const id of ids) expect((await rowAt(worker, id)).value).toBe(1);
    const ofRows = statements.filter((sql) => sql.includes('counter_view'));
    expect(ofRows.length).toBeGreaterThan(1);
    // 402 events of 201 rows: a handful of batches, each with one look-up and a few multi-row upserts.
    expect(ofRows.length).toBeLessThan(60);
  });

  it('refuse to be used outside of a batch', async () => {
    const node = await start();
    const { ReadModel } = await import('../../src/event-sourcing/index.js');
    expect(() => new ReadModel(CounterView).save(new CounterView())).toThrow('only while its projection handles');
    expect(node).toBeDefined();
  });

  describe('a query that waits for a position', () => {
    it('is answered at once when the read model is there', async () => {
      const node = await start();
      const id = await open(node);
      const head = await node.log.head();
      expect((await rowAt(node, id, head)).counterId).toBe(id);
    });

    it('is answered by a node that runs no subscriptions', async () => {
      await start();
      const api = await start({ runSubscriptions: false });
      for (let round = 0; round < 10; round++) expect((await rowAt(api, await open(api))).value).toBe(0);
    });

    it('is refused after the limit, when the position does not come', async () => {
      const node = await start({ readWaitLimit: 100 });
      const id = await open(node);
      await expect(rowAt(node, id, 1_000)).rejects.toMatchObject({ code: 'read-model-behind', retryAfter: 1 });
    });

    it('is refused after the limit, when nobody runs the read model', async () => {
      const node = await start({ readWaitLimit: 100, runSubscriptions: false });
      const id = await open(node);
      await expect(rowAt(node, id)).rejects.toMatchObject({ code: 'read-model-behind' });
    });

    it('does not wait for events that the read model does not handle', async () => {
      const node = await start({ readWaitLimit: 100, runSubscriptions: false });
      await node.log.append([{ stream: 'other-1', expected: 'any', events: [{ type: 'x.happened', data: {} }] }]);
      const { result } = await node.from({ minPosition: 1 }, () => node.queries.execute(new GetCounterQuery(uuidv7())));
      expect(result).toBeNull();
    });
  });
});
