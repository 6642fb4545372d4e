import { AsyncLocalStorage } from 'node:async_hooks';
import { type ReadPool, ReadTrips, type Statement, type StatementResult } from './read-trips.js';

const statement = (text: string): Statement => ({ text, values: [], rowMode: 'array' });

/** A pool that records what happens to its connections, in order. */
class RecordingPool implements ReadPool {
  readonly seen: string[] = [];
  failing: string | undefined;
  refused: Error | undefined;

  async connect() {
    if (this.refused) throw this.refused;
    const { seen } = this;
    const connection = {
      pipeline: false,
      connection: { stream: { cork: () => void seen.push('cork'), uncork: () => void seen.push('uncork') } },
      query: (each: Statement) => this.answer(each, `${connection.pipeline ? 'at once ' : ''}${each.text}`),
      release: (failed: boolean) => void seen.push(failed ? 'close' : 'release'),
    };
    return connection;
  }

  query(each: Statement): Promise<StatementResult> {
    return this.answer(each, `alone ${each.text}`);
  }

  async answer({ text }: Statement, what: string): Promise<StatementResult> {
    this.seen.push(what);
    await new Promise(setImmediate);
    if (this.failing === text) throw new Error(`${text} failed`);
    return { rows: [[text]], rowCount: 1 };
  }
}

let pool: RecordingPool;
let trips: ReadTrips;

beforeEach(() => {
  pool = new RecordingPool();
  trips = new ReadTrips(pool);
});

const textOf = async (read: Promise<StatementResult>) => (await read).rows[0]![0];

it('sends the statements of one turn in one write, and gives the connection back when all are answered', async () => {
  const reads = ['a', 'b', 'c'].map((text) => textOf(trips.query(statement(text))));

  expect(await Promise.all(reads)).toEqual(['a', 'b', 'c']);
  await new Promise(setImmediate);
  expect(pool.seen).toEqual(['cork', 'at once a', 'at once b', 'at once c', 'uncork', 'release']);
});

it('leaves a statement that is alone to the pool', async () => {
  await trips.query(statement('a'));
  await trips.query(statement('b'));

  expect(pool.seen).toEqual(['alone a', 'alone b']);
});

it('puts at most 16 statements on a connection', async () => {
  await Promise.all(Array.from({ length: 33 }, (_, index) => trips.query(statement(String(index)))));

  expect(pool.seen.filter((each) => each === 'cork')).toHaveLength(2);
  expect(pool.seen).toContain('alone 32');
});

it('fails only what failed, and closes the connection', async () => {
  pool.failing = 'b';
  const reads = ['a', 'b', 'c'].map((text) => textOf(trips.query(statement(text))));

  expect(await Promise.allSettled(reads)).toMatchObject([
    { value: 'a' },
    { reason: { message: 'b failed' } },
    { value: 'c' },
  ]);
  await new Promise(setImmediate);
  expect(pool.seen.at(-1)).toBe('close');
});

it('fails all statements that got no connection', async () => {
  pool.refused = new Error('no connection');
  const reads = ['a', 'b'].map((text) => trips.query(statement(text)));

  for (const read of reads) await expect(read).rejects.toThrow('no connection');
});

it('sends each statement in the asynchronous context of its caller', async () => {
  const caller = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  pool.answer = async ({ text }) => {
    seen.push(caller.getStore());
    return { rows: [[text]], rowCount: 1 };
  };

  await Promise.all(['a', 'b'].map((text) => caller.run(text, () => trips.query(statement(text)))));

  expect(seen).toEqual(['a', 'b']);
});
