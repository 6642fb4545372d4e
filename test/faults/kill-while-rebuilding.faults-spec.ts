import { strictEqual as assertEqual } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { LogVerifier } from '../../src/event-sourcing/index.js';
import { CounterNode } from '../kernel/counters/counter-node.js';
import { OpenCounterCommand } from '../kernel/counters/counter.js';
import { TALLY, tallies } from '../kernel/counters/tally-projection.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { compileProgram } from '../support/compiled-program.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { REBUILD_KILL_POINTS, type RebuildKillPoint } from './support/rebuild-kill-points.js';
import { seedOf } from './support/seed.js';

const LEASE_TTL = 500;
/** Several batches. */
const EVENTS = 2_400;
const RANDOM_KILLS = 5;
/** In ms after the process has said that it runs. */
const LATEST_KILL = 1_500;

let program: Promise<string> | undefined;

describe.each(DATABASE_KINDS)('a process that is killed while it rebuilds a read model on %s', (kind) => {
  let database: TestDatabase;
  let version = 1;

  beforeEach(async () => {
    version = 1;
    database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
    const node = await CounterNode.start(database, {}, tallies());
    const id = uuidv7();
    await node.commands.execute(new OpenCounterCommand(id, id));
    const event = { type: 'counters.counter-raised', data: { counterId: id, by: 1 } };
    for (let n = 0; n < EVENTS; n += 200) {
      await node.log.append([
        { stream: `counter-${id}`, expected: 'any', events: Array.from({ length: 200 }, () => event) },
      ]);
    }
    await eventually(async () => assertEqual(EVENTS + 1, (await node.status(TALLY)).position));
    await node.stop();
  });

  afterEach(async () => {
    await killLeftovers();
    await database.drop();
  });

  it.each(REBUILD_KILL_POINTS)('%s', async (point) => {
    version = 2;
    const child = await start(point);
    const { signal } = await child.exited;
    expect({ signal, stderr: child.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    expect(await tallied()).toBe(point === 'after the commit of the exchange' ? 2 * EVENTS : EVENTS);
    await expectRebuilt();
  });

  it('at any moment, again and again', async () => {
    const seed = seedOf(`kill while rebuilding, ${kind}`);
    const seen: number[] = [];
    for (let kill = 0; kill < RANDOM_KILLS; kill++) {
      version += 1;
      const child = await start();
      await child.waitFor(/rebuilding/);
      await sleep(seed.between(0, LATEST_KILL));
      expect((await child.kill()).signal).toBe('SIGKILL');
      const sum = await tallied();
      // The rows of some version, whole: those that served, or the new ones.
      expect({ sum, isWhole: sum % EVENTS === 0 && sum >= EVENTS && sum <= version * EVENTS }).toEqual({
        sum,
        isWhole: true,
      });
      seen.push(sum / EVENTS);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    await expectRebuilt();
    seed.print(`served after each kill: version ${seen.join(', ')}`);
  }, 60_000);

  async function start(point?: RebuildKillPoint): Promise<AppProcess> {
    program ??= compileProgram('test/faults/support/rebuilding-program.ts');
    const args = [database.url, database.viewsUrl, String(LEASE_TTL), String(version), ...(point ? [point] : [])];
    return AppProcess.spawn({ script: await program, args });
  }

  async function tallied(): Promise<number> {
    const [row] = await runSql(database.viewsUrl, 'select sum(raises) as raises from tally');
    return Number(row!.raises);
  }

  /** The next process ends what was begun. */
  async function expectRebuilt(): Promise<void> {
    const survivor = await CounterNode.start(
      database,
      { leaseTtl: LEASE_TTL },
      tallies({ version, weigh: () => version }),
    );
    try {
      await eventually(async () =>
        expect(await survivor.status(TALLY)).toMatchObject({ state: 'live', handled: EVENTS, position: EVENTS + 1 }),
      );
      await eventually(async () => expect(await tallied()).toBe(version * EVENTS));
      const tables = await runSql(
        database.viewsUrl,
        kind === 'sqlite'
          ? `select name from sqlite_schema where name like 'rebuild%'`
          : `select relname from pg_class where relname like 'rebuild%'`,
      );
      expect(tables).toEqual([]);
      expect(await survivor.get(LogVerifier).verify()).toMatchObject({ ok: true, findings: [] });
    } finally {
      await survivor.stop();
    }
  }
});
