import { v7 as uuidv7 } from 'uuid';
import { CounterNode } from '../counters/counter-node.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { type Cut, type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { projected, replayed } from './support/projected.js';

const EVENTS = 20;
/** Of the statement that writes rows and their checkpoint. */
const MARKER = 'with "first write"';

let database: TestDatabase;
let proxy: CuttingProxy;
let writer: CounterNode;

beforeAll(async () => {
  database = await createKernelDatabase('postgres', { separateViews: true });
  proxy = await startCuttingProxy(database.viewsUrl, MARKER);
  writer = await CounterNode.start(database, { runSubscriptions: false });
});

afterAll(async () => {
  await writer.stop();
  await proxy.close();
  await database.drop();
});

describe('rows and their checkpoint', () => {
  // Its text is sent once for each connection, so each case has a process of its own.
  it.each<Cut>(['request', 'reply'])('are written once when the %s of their statement is lost', async (cut) => {
    const id = uuidv7();
    await raise(id);
    const before = proxy.cuts;
    proxy.cutNext(cut);
    const worker = await CounterNode.start({ ...database, viewsUrl: proxy.url }, { leaseTtl: 120_000 });
    await eventually(() => expect(proxy.cuts).toBe(before + 1));

    // Only what follows shows what the process takes for its checkpoint.
    await raise(id);
    const position = await writer.log.head();
    const settled = { state: 'live', position, lastError: null };
    await eventually(async () => expect(await writer.status()).toMatchObject(settled));
    await worker.stop();

    expect(await projected(database)).toEqual(await replayed(writer.log, position));
  });
});

async function raise(counterId: string): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, at) => ({
    type: 'counters.counter-raised',
    data: { counterId, by: at + 1 },
  }));
  await writer.log.append([{ stream: `counter-${counterId}`, expected: 'any', events }]);
}
