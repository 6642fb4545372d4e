import type { WriteDatabase } from '../../src/databases/write-database.js';
import { aStream, times, toStream, versionsOf } from '../../src/conformance/samples.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { type OpenLog, openLog } from './open-log.js';

describe.each(DATABASE_KINDS)('transactions beside the log on %s', (kind) => {
  let database: TestDatabase;
  let node: OpenLog;
  let write: WriteDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await openLog(database.url);
    write = node.database.write;
    await write.transaction((manager) => manager.query('create table notes (body text not null)'));
  });

  afterAll(async () => {
    await node.close();
    await database.drop();
  });

  beforeEach(() => write.transaction((manager) => manager.query('delete from notes')));

  it('keep their data when another one fails', async () => {
    const other = gate();
    const failing = write.transaction(async (manager) => {
      await manager.query(`insert into notes values ('lost')`);
      await other.opened;
      throw new Error('changed my mind');
    });
    const refused = failing.catch((error: Error) => error.message);
    const kept = write.transaction((manager) => manager.query(`insert into notes values ('kept')`));
    // On SQLite the second waits for the first; on PostgreSQL it does not.
    if (kind === 'postgres') await kept;
    other.open();

    expect(await refused).toBe('changed my mind');
    await kept;

    expect(await notes()).toEqual(['kept']);
  });

  it('are invisible to other readers before they commit', async () => {
    const [inserted, seen] = [gate(), gate()];
    const writing = write.transaction(async (manager) => {
      await manager.query(`insert into notes values ('mine')`);
      inserted.open();
      await seen.opened;
    });
    await inserted.opened;

    expect(await notes()).toEqual([]);
    seen.open();
    await writing;

    expect(await notes()).toEqual(['mine']);
  });

  it('and appends run concurrently, each whole or not at all', async () => {
    const stream = aStream();
    const transactions = times(30, (index) =>
      write
        .transaction(async (manager) => {
          await manager.query(`insert into notes values ('${index}')`);
          if (index % 3 === 0) throw new Error('every third');
        })
        .catch((error: Error) => error.message),
    );
    const appends = times(30, () => node.log.append(toStream(stream)));

    const outcomes = await Promise.all(transactions);
    await Promise.all(appends);

    expect(outcomes.filter((each) => each === 'every third')).toHaveLength(10);
    expect(await notes()).toHaveLength(20);
    expect(await versionsOf(node.log, stream)).toEqual(times(30, (index) => index + 1));
  });

  it('are rolled back when their commit is refused, and the next one starts normally', async () => {
    const broken = write.transaction((manager) => manager.query(`insert into notes values (null)`));
    await expect(broken).rejects.toThrow(/null/i);

    await write.transaction((manager) => manager.query(`insert into notes values ('next')`));

    expect(await notes()).toEqual(['next']);
  });

  async function notes(): Promise<string[]> {
    const rows = await node.database.read.query<{ body: string }[]>('select body from notes');
    return rows.map((row) => row.body);
  }
});

function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
