import { MovableClock } from '../../src/testing/movable-clock.js';
import { bootKernel } from '../counters/counter-node.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import { HOUR, POLICIES, recordedJobs } from './support/recorded-jobs.js';
import type { RecurringWork } from './support/recurring-program.js';

/** A due time counts as missed after a minute. */
const [SOON, LATE] = [1_000, 5 * 60_000];

describe.each(DATABASE_KINDS)('recurring jobs of processes that are killed on %s', (kind) => {
  let script: string;
  let database: TestDatabase;
  /** The first due time. */
  let first: number;

  beforeAll(async () => {
    script = await kernelProgram('recurring');
    database = await createKernelDatabase(kind);
    const declaring = await bootKernel(database, { scheduleClock: new MovableClock() }, recordedJobs());
    await declaring.close();
    first = Math.min(...(await nextDue()));
  });

  afterEach(() => killLeftovers());
  afterAll(() => database?.drop());

  it('run once for each due time, and what was missed follows the policy', async () => {
    // The same for all processes of a phase: a clock that goes back would make the claims of the dead ones last longer.
    const due = first + SOON - Date.now();
    const dying = await Promise.all([
      start({ ahead: due, dies: 'before the run' }),
      start({ ahead: due, dies: 'after the commit' }),
    ]);
    for (const process of dying) expect(await process.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await left()).toBeGreaterThan(0);
    await work(1, due);
    const before = await runs();
    expect(before).toMatchObject({ once: [dueAt(0)], all: [dueAt(0)] });
    // If the processes took more than a minute, it was missed.
    expect([[], [dueAt(0)]]).toContainEqual(before.skip);

    await work(2, first + 3 * HOUR + LATE - Date.now());
    expect(await runs()).toEqual({
      once: [dueAt(0), dueAt(3)],
      all: [0, 1, 2, 3].map(dueAt),
      skip: before.skip,
    });
  });

  const dueAt = (hours: number): string => new Date(first + hours * HOUR).toISOString();

  function start(work: RecurringWork): Promise<AppProcess> {
    return AppProcess.spawn({ script, args: [database.url, database.viewsUrl, JSON.stringify(work)] });
  }

  /** Runs nodes in this process until no job is due and no command is left. */
  async function work(nodes: number, ahead: number): Promise<void> {
    const clock = new MovableClock();
    clock.moveOn(ahead);
    const options = { scheduleClock: clock, leaseTtl: 300 };
    const running = await Promise.all(
      Array.from({ length: nodes }, () => bootKernel(database, options, recordedJobs())),
    );
    await nothingDue(ahead);
    for (const node of running) await node.close();
  }

  async function nothingDue(ahead: number): Promise<void> {
    await eventually(async () => {
      expect(Math.min(...(await nextDue()))).toBeGreaterThan(Date.now() + ahead);
      expect(await left()).toBe(0);
    });
  }

  async function nextDue(): Promise<number[]> {
    const rows = await runSql(database.url, 'select next_due from leftfold_recurring_jobs');
    expect(rows).toHaveLength(POLICIES.length);
    return rows.map((row) => Number(row.next_due));
  }

  async function left(): Promise<number> {
    const [row] = await runSql(database.url, 'select count(*) as count from leftfold_saga_commands');
    return Number(row!.count);
  }

  /** The due times of the stored runs, by policy. */
  async function runs(): Promise<Record<string, string[]>> {
    const rows = await runSql(database.url, 'select data from leftfold_events order by position');
    const stored = rows.map(({ data }) => JSON.parse(data as string) as { policy: string; dueAt: string });
    return Object.fromEntries(
      POLICIES.map((policy) => [
        policy,
        stored.flatMap((run) => (run.policy === policy ? [run.dueAt] : [])).toSorted(),
      ]),
    );
  }
});
