import type { DataSource } from 'typeorm';
import { Databases } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, open, raise, settled } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS } from './counters/counter-saga.js';

/** The default, in ms. */
const LEASE = 10_000;
/** Statements of one heartbeat, with which the watched time begins. */
const ONE_SIGN = 5;

const PROVIDERS = [CounterAlarm, CounterGreeter, ...LEVELLING_PROVIDERS];
const CASES = DATABASE_KINDS.flatMap((kind) => [1, 2].map((count) => ({ kind, count })));

describe('a process with nothing to do', () => {
  const clusters: CounterNodes[] = [];

  afterAll(async () => {
    for (const each of clusters) await each.drop();
  });

  /** All are watched at the same time, because it takes as long as a lease. */
  it('queries the database at most twice a second, alone or next to another process', async () => {
    const watched = await Promise.all(CASES.map((each) => watchIdle(each)));

    for (const { statements, seconds } of watched.flat()) {
      expect(statements.filter((sql) => /saga_commands/.test(sql)).length).toBeGreaterThan(0);
      expect(statements.length).toBeLessThanOrEqual(2 * seconds + ONE_SIGN);
    }
  });

  it.each(DATABASE_KINDS)('sends no query for saga commands without a saga, on %s', async (kind) => {
    const nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm] });
    clusters.push(nodes);
    const node = await nodes.start({ leaseTtl: 300 });
    const statements = statementsOf(node);
    await open(node);
    await eventually(() => expect(statements.filter((sql) => /read_models/.test(sql)).length).toBeGreaterThan(5));
    expect(statements.filter((sql) => /saga_commands/.test(sql))).toEqual([]);
  });

  async function watchIdle({ kind, count }: (typeof CASES)[number]) {
    const nodes = await CounterNodes.prepare(kind, { providers: PROVIDERS });
    clusters.push(nodes);
    const running: CounterNode[] = [];
    for (let n = 0; n < count; n++) running.push(await nodes.start({ leaseTtl: LEASE }));
    await raise(running[0]!, await open(running[0]!));
    for (const name of [ALARM, LEVELLING, 'counters.counter-view', 'counters.greeter']) {
      await settled(running[0]!, { state: 'live' }, name);
    }
    // Two nodes on PostgreSQL share the saga.
    const shares = kind === 'postgres' ? count : 1;
    await settled(running[0]!, { ranges: Array.from({ length: shares }, () => expect.objectContaining({ lag: 0 })) });
    return Promise.all(
      running.map(async (node) => {
        const statements = statementsOf(node);
        // Heartbeats, or polls for expired leases. Three more after any one of them take the time of a lease.
        const looks = (count: number) =>
          eventually(
            () => expect(statements.filter((sql) => /read_models/.test(sql)).length >= count).toBe(true),
            3 * LEASE,
          );
        await looks(1);
        statements.length = 0;
        const began = performance.now();
        await looks(3);
        // After a look that came late, as on a busy machine, the next ones come sooner. They are no more for that.
        const time = Math.max(performance.now() - began, LEASE);
        return { statements: [...statements], seconds: time / 1_000 };
      }),
    );
  }
});

/** The statements that a node sends from now on. */
function statementsOf(node: CounterNode): string[] {
  const statements: string[] = [];
  const { events, views } = node.get(Databases);
  const sources: DataSource[] = [events.write.dataSource, events.read, views.write.dataSource, views.read];
  for (const { logger } of sources) logger.logQuery = (sql) => void statements.push(sql);
  return statements;
}
