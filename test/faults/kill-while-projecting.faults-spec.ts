import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { NewEvent } from '../../src/event-sourcing/event-log/event-log.js';
import { CounterNode } from '../kernel/counters/counter-node.js';
import { OpenCounterCommand } from '../kernel/counters/counter.js';
import { killLeftovers } from '../support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectNoHoles } from './support/expect-log.js';
import { KILL_POINTS, type KillPoint } from './support/kill-points.js';
import { LEASE_TTL, projected, readUpTo, replayed, startProjecting } from './support/projecting.js';
import { type Seed, seedOf } from './support/seed.js';

const COUNTERS = 12;
/** Several batches, so that a kill may come in any of them. */
const BACKLOG = 1_400;
const RANDOM_KILLS = 8;
/** In ms after the process has started to project. */
const LATEST_KILL = 1_200;

describe.each(DATABASE_KINDS)('a process that is killed while it projects to %s', (kind) => {
  let database: TestDatabase;
  let writer: CounterNode;
  let counterIds: string[];

  beforeEach(async () => {
    database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
    writer = await CounterNode.start(database, { runSubscriptions: false });
    counterIds = Array.from({ length: COUNTERS }, () => uuidv7());
    for (const id of counterIds) await writer.commands.execute(new OpenCounterCommand(id, id));
  });

  afterEach(async () => {
    await killLeftovers();
    await writer.stop();
    await database.drop();
  });

  it.each(KILL_POINTS)(
    '%s',
    async (point) => {
      const seed = seedOf(`kill while projecting, ${kind}, ${point}`);
      await fillBacklog(seed);
      const kills: string[] = [];
      // The first batch, and one of those that follow; the second process starts from what the first has left.
      for (const nth of [1, seed.between(1, 2)]) kills.push(await killedAt(point, nth, seed));
      const { position, handled } = await expectCaughtUp();
      seed.print(`killed at ${kills.join(', then at ')}; ${handled} events up to position ${position}`);
    },
    40_000,
  );

  it('at any moment, while it appends as well', async () => {
    const seed = seedOf(`kill while projecting, ${kind}, at any moment`);
    const checkpoints: number[] = [];
    for (let kill = 0; kill < RANDOM_KILLS; kill++) {
      const child = await startProjecting(database, counterIds, seed.between(0, 2 ** 31));
      await child.waitFor(/projecting/);
      await sleep(seed.between(0, LATEST_KILL));
      expect((await child.kill()).signal).toBe('SIGKILL');
      checkpoints.push(await expectConsistent());
    }
    const { position, handled } = await expectCaughtUp();
    seed.print(`${RANDOM_KILLS} kills, checkpoints at ${checkpoints.join(', ')}; ${handled} events up to ${position}`);
    expect(checkpoints.at(-1)).toBeGreaterThan(COUNTERS);
    expectNoHoles(await readUpTo(writer.log, position));
  }, 90_000);

  async function fillBacklog(seed: Seed): Promise<void> {
    const raised = Array.from({ length: BACKLOG }, (): [string, NewEvent] => {
      const counterId = seed.pick(counterIds);
      return [counterId, { type: 'counters.counter-raised', data: { counterId, by: seed.between(1, 9) } }];
    });
    await Promise.all(
      raised.map(([id, event]) => writer.log.append([{ stream: `counter-${id}`, expected: 'any', events: [event] }])),
    );
  }

  async function killedAt(point: KillPoint, nth: number, seed: Seed): Promise<string> {
    const child = await startProjecting(database, counterIds, seed.seed, { point, nth });
    const { signal } = await child.exited;
    expect({ signal, stderr: child.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    return `batch ${nth}, leaving position ${await expectConsistent()}`;
  }

  /** Whatever the moment: the rows are a replay up to the checkpoint. */
  async function expectConsistent(): Promise<number> {
    const found = await projected(database);
    expect(found).toEqual(await replayed(writer.log, found.position));
    return found.position;
  }

  async function expectCaughtUp(): Promise<{ position: number; handled: number }> {
    const survivor = await CounterNode.start(database, { leaseTtl: LEASE_TTL });
    try {
      const head = await writer.log.head();
      await eventually(async () => expect(await survivor.status()).toMatchObject({ state: 'live', position: head }));
      const found = await projected(database);
      expect(found).toEqual(await replayed(writer.log, head));
      expect(found.handled).toBe(head);
      return found;
    } finally {
      await survivor.stop();
    }
  }
});
