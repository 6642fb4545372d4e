import { copyFile, rm } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { CounterNode } from './counters/counter-node.js';
import { GetCounterQuery } from './counters/counter-view.js';

// A restored PostgreSQL: faults/postgres-dump-restore.faults-spec.ts.
describe('read models and the log that they were built from', () => {
  const databases: TestDatabase[] = [];
  let node: CounterNode | undefined;

  const create = async (): Promise<TestDatabase> => {
    const database = await createTestDatabase('sqlite');
    databases.push(database);
    return database;
  };
  const start = async (database: TestDatabase): Promise<CounterNode> => {
    node = await CounterNode.start(database, { readWaitLimit: 60_000 });
    return node;
  };
  const stop = async (): Promise<void> => {
    await node?.stop();
    node = undefined;
  };
  /** Appends a counter that is raised several times; waits until the read model has handled these events. */
  const fill = async (database: TestDatabase, raises: number): Promise<string> => {
    const { commands, log } = await start(database);
    const id = uuidv7();
    await commands.execute(new OpenCounterCommand(id, id));
    for (let raise = 0; raise < raises; raise++) await commands.execute(new RaiseCounterCommand(id, 1));
    await rowAt(id, await log.head());
    await stop();
    return id;
  };
  const rowAt = async (id: string, minPosition: number) =>
    (await node!.from({ minPosition }, () => node!.queries.execute(new GetCounterQuery(id)))).result;
  const expectStopped = (reason: RegExp) =>
    eventually(async () =>
      expect(await node!.status()).toMatchObject({
        state: 'stopped',
        owner: null,
        lastError: expect.stringMatching(reason) as string,
      }),
    );

  afterEach(async () => {
    await stop();
    for (const database of databases.splice(0)) await database.drop();
  });

  it('stop when the log is another one, say what to do, and continue when the right one is back', async () => {
    const [one, two] = [await create(), await create()];
    const id = await fill(one, 3);
    await fill(two, 5);
    await start({ ...two, viewsUrl: one.viewsUrl });
    await expectStopped(
      /was filled from another log\. Configure the log and the read models that belong together, or delete the database/,
    );
    // The old rows are unchanged, and nothing of the other log was added.
    expect(await node!.queries.execute(new GetCounterQuery(id))).toMatchObject({ value: 3 });

    await stop();
    const { commands, log } = await start(one);
    await commands.execute(new RaiseCounterCommand(id, 1));
    expect(await rowAt(id, await log.head())).toMatchObject({ value: 4 });
  });

  it('are built again when their database was deleted', async () => {
    const database = await create();
    const id = await fill(database, 3);
    const { log } = await start({ ...database, viewsUrl: (await create()).viewsUrl });
    expect(await rowAt(id, await log.head())).toMatchObject({ value: 3 });
    expect(await node!.status()).toMatchObject({ handled: 4, lastError: null });
  });

  describe('and the log is restored to an earlier state', () => {
    const restoreEarlier = async (): Promise<{ database: TestDatabase; id: string }> => {
      const database = await create();
      const id = await fill(database, 2);
      const file = database.url.slice('sqlite:'.length);
      await copyFile(file, `${file}.copy`);
      const { commands, log } = await start(database);
      for (let raise = 0; raise < 3; raise++) await commands.execute(new RaiseCounterCommand(id, 1));
      await rowAt(id, await log.head());
      await stop();
      for (const each of [file, `${file}-wal`, `${file}-shm`]) await rm(each, { force: true });
      await copyFile(`${file}.copy`, file);
      return { database, id };
    };

    it('they stop when they are ahead of it', async () => {
      const { database } = await restoreEarlier();
      await start(database);
      await expectStopped(/is at position 6, and the log ends at 3/);
    });

    it('they stop when it has continued past their position', async () => {
      const { database, id } = await restoreEarlier();
      const { commands } = await start({ ...database, viewsUrl: (await create()).viewsUrl });
      for (let raise = 0; raise < 5; raise++) await commands.execute(new RaiseCounterCommand(id, 10));
      await stop();
      await start(database);
      await expectStopped(/contains an event that is not in the log/);
    });
  });
});
