import { ALARM } from '../counters/counter-alarm.js';
import type { AppProcess } from '../support/app-process.js';
import { eventually } from '../support/eventually.js';
import { Counting, START_LIMIT } from './support/counting.js';
import { expectCaughtUp, expectOwner } from './support/expect-subscriptions.js';
import { thaw } from './support/freeze.js';
import { HANDOVER_POINTS, type HandoverPoint } from './support/kill-points.js';
import { seedOf } from './support/seed.js';

// A node that is only slow keeps its lease.
const SETTINGS = { leaseTtl: 2_500, shared: true, databaseLimits: { idleTransaction: 2_500 } };
const RELEASE = 'before the range is released';
const TAKING = HANDOVER_POINTS.filter((point) => point !== RELEASE);
const IN_ORDER = { code: 0, signal: null };
const KILLED = { code: null, signal: 'SIGKILL' };

// The phase in a handler is in other files: a process that is killed there, and nodes that stop in order, in
// leases.faults-spec.ts; one that is frozen there in shared-ranges.faults-spec.ts. Here a node is stopped to bring it to the
// release of its part, so a stop in that phase is the one in leases.faults-spec.ts.
describe('nodes that join another one, and take parts of a side effect on PostgreSQL', () => {
  let counting: Counting;
  let steady: AppProcess;

  beforeAll(async () => {
    counting = await Counting.open('postgres', seedOf('handover phases'));
    steady = await counting.startOwner(SETTINGS);
  }, 3 * START_LIMIT);

  afterAll(() => counting.close());

  const join = (signal: NodeJS.Signals, ...points: readonly HandoverPoint[]): Promise<AppProcess> =>
    counting.spawn({ ...SETTINGS, signals: points.map((point) => ({ point, signal })) });

  /** A batch begins when there are events. */
  async function expectReached(point: HandoverPoint, by: AppProcess): Promise<void> {
    await eventually(async () => {
      await counting.appendTogether(5);
      expect(by.stdout).toContain(`at ${point}\n`);
    }, START_LIMIT);
  }

  /** Stops a process, which comes to its last point then. */
  async function stopUpToRelease(joined: AppProcess): Promise<void> {
    await eventually(async () => {
      const { ranges } = await counting.node.status(ALARM);
      expect(ranges.map(({ owner }) => Number(owner?.split('/').at(-2)))).toContain(joined.pid);
    }, START_LIMIT);
    process.kill(joined.pid, 'SIGTERM');
    await expectReached(RELEASE, joined);
  }

  /** The other node does all of the work, each event once where it is counted, in the order of its stream. */
  async function expectSteadyAlone(): Promise<void> {
    await counting.appendTogether(20);
    await expectOwner(counting, steady);
    await expectCaughtUp(counting);
  }

  it.each([
    { what: 'killed', signal: 'SIGKILL', end: KILLED },
    { what: 'stopped', signal: 'SIGTERM', end: IN_ORDER },
  ] as const)('are $what in each phase until their first batch is stored', async ({ signal, end }) => {
    const joining = await Promise.all(TAKING.map((point) => join(signal, point)));
    for (const [at, point] of TAKING.entries()) await expectReached(point, joining[at]!);

    for (const each of joining) expect(await each.exited).toEqual(end);
    await expectSteadyAlone();
  });

  it('are frozen in each phase until their first batch is stored, beyond their lease, and write nothing when they wake', async () => {
    const joining = await join('SIGSTOP', ...TAKING);
    for (const point of TAKING) {
      await expectReached(point, joining);
      await expectSteadyAlone();
      thaw(joining);
    }
    expect(await joining.stop()).toEqual(IN_ORDER);
    await expectSteadyAlone();
  });

  it('are frozen while they are being stopped, before they have released their part, and end in order', async () => {
    const joining = await join('SIGSTOP', RELEASE);
    await stopUpToRelease(joining);
    await expectSteadyAlone();

    thaw(joining);
    expect(await joining.exited).toEqual(IN_ORDER);
    await expectSteadyAlone();
  });

  it('are killed while they are being stopped, before they have released their part', async () => {
    const joining = await join('SIGKILL', RELEASE);
    await stopUpToRelease(joining);

    expect(await joining.exited).toEqual(KILLED);
    await expectSteadyAlone();
  });
});
