import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Databases } from '../../src/event-sourcing/index.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { ALARM, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import { LEVELLING, LEVELLING_PROVIDERS } from './counters/counter-saga.js';
import { CounterNode } from './counters/counter-node.js';
import { OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { interference } from './counters/counter-view.js';

/** In s. Three heartbeats of a lease of 10 s, which is the default. */
const WATCHED = 10;

describe.each(DATABASE_KINDS)('a process with nothing to do on %s', (kind) => {
  let database: TestDatabase;
  const nodes: CounterNode[] = [];

  const start = async (): Promise<CounterNode> => {
    const providers = [CounterAlarm, CounterGreeter, ...LEVELLING_PROVIDERS];
    const node = await CounterNode.start(database, {}, { providers });
    nodes.push(node);
    return node;
  };

  beforeEach(async () => {
    interference.run = () => undefined;
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
    await database.drop();
  });

  it.each([1, 2])('asks the database at most twice a second when there are %d of them', async (count) => {
    for (let n = 0; n < count; n++) await start();
    const [owner] = nodes;
    const id = uuidv7();
    await owner!.commands.execute(new OpenCounterCommand(id, id));
    await owner!.commands.execute(new RaiseCounterCommand(id, 1));
    const head = await owner!.log.head();
    await eventually(async () => {
      for (const name of [ALARM, LEVELLING, 'counters.counter-view', 'counters.greeter']) {
        expect(await owner!.status(name)).toMatchObject({ position: head, state: 'live' });
      }
    });

    const asked = nodes.map((node) => statementsOf(node));
    await sleep(WATCHED * 1_000);

    for (const statements of asked) {
      // Somebody gave a sign of life, or looked whether somebody does: the count can't be right by hearing nothing.
      expect(statements.filter((sql) => /read_models/.test(sql)).length).toBeGreaterThan(0);
      expect(statements.filter((sql) => /saga_commands/.test(sql)).length).toBeGreaterThan(0);
      expect(statements.length).toBeLessThanOrEqual(2 * WATCHED);
    }
  });

  it('asks for no command of a saga when it has none', async () => {
    const node = await CounterNode.start(database, { leaseTtl: 300 }, { providers: [CounterAlarm] });
    nodes.push(node);
    const statements = statementsOf(node);
    const id = uuidv7();
    await node.commands.execute(new OpenCounterCommand(id, id));
    await eventually(() => expect(statements.filter((sql) => /read_models/.test(sql)).length).toBeGreaterThan(5));
    expect(statements.filter((sql) => /saga_commands/.test(sql))).toEqual([]);
  });
});

/** What a node asks from now on. */
function statementsOf(node: CounterNode): string[] {
  const statements: string[] = [];
  const { events, views } = node.get(Databases);
  const sources: DataSource[] = [events.write.dataSource, events.read, views.write.dataSource, views.read];
  for (const { logger } of sources) logger.logQuery = (sql) => void statements.push(sql);
  return statements;
}
