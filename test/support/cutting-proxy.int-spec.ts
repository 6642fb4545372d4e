import { Client } from 'pg';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.js';
import { type TestDatabase, createTestDatabase } from './databases.js';

let database: TestDatabase;
let proxy: CuttingProxy;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  proxy = await startCuttingProxy(database.url, 'into notes');
  await rowsOf(database.url, 'create table notes (body text)');
});

afterAll(async () => {
  await proxy.close();
  await database.drop();
});

beforeEach(() => rowsOf(database.url, 'delete from notes'));

it('passes on what it is not asked to cut', async () => {
  await rowsOf(proxy.url, `insert into notes values ($1)`, ['mine']);

  expect(await rowsOf(proxy.url, 'select body from notes')).toEqual([{ body: 'mine' }]);
});

it('loses a reply: the server has done it, the client does not know', async () => {
  const before = proxy.cuts;
  proxy.cutNext('reply');

  await expect(rowsOf(proxy.url, `insert into notes values ($1)`, ['mine'])).rejects.toThrow(/terminated|ECONNRESET/);

  expect(await rowsOf(proxy.url, 'select body from notes')).toEqual([{ body: 'mine' }]);
  expect(proxy.cuts).toBe(before + 1);
});

it('loses a request: the server has not done it', async () => {
  proxy.cutNext('request');

  await expect(rowsOf(proxy.url, `insert into notes values ($1)`, ['mine'])).rejects.toThrow(/terminated|ECONNRESET/);

  expect(await rowsOf(proxy.url, 'select body from notes')).toEqual([]);
});

async function rowsOf(url: string, text: string, values?: unknown[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  // A cut connection is reported twice: by the query, and as an event.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
