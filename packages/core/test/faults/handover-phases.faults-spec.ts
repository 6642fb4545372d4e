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
const CLAIM = 'with the range claimed, before the commit';
const CHECKPOINT = 'with the checkpoint of the range, before the commit';

// A process that is killed in a handler, and nodes that stop in order, are in leases.faults-spec.ts; one that is frozen in a
// handler is in shared-ranges.faults-spec.ts.
describe('a node that joins another one, and takes a part of a side effect on PostgreSQL', () => {
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

  async function expectHolding({ pid }: AppProcess): Promise<void> {
    await eventually(async () => {
      const { ranges } = await counting.node.status(ALARM);
      expect(ranges.map(({ owner }) => Number(owner?.split('/').at(-2)))).toContain(pid);
    }, START_LIMIT);
  }

  /** The other node does all of the work, each event once where it is counted, in the order of its stream. */
  async function expectSteadyAlone(): Promise<void> {
    await counting.appendTogether(20);
    await expectOwner(counting, steady);
    await expectCaughtUp(counting);
  }

  it.each([CLAIM, CHECKPOINT] as const)('is killed %s', async (point) => {
    const joining = await join('SIGKILL', point);
    await expectReached(point, joining);

    expect(await joining.exited).toMatchObject({ signal: 'SIGKILL' });
    await expectSteadyAlone();
  });

  it('is frozen in each phase until its first batch, beyond its lease, and writes nothing when it wakes', async () => {
    const joining = await join('SIGSTOP', ...TAKING);
    for (const point of TAKING) {
      await expectReached(point, joining);
      await expectSteadyAlone();
      thaw(joining);
    }
    expect(await joining.stop()).toEqual({ code: 0, signal: null });
    await expectSteadyAlone();
  });

  it('is frozen while it is being stopped, before it has released its part, and ends in order', async () => {
    const joining = await join('SIGSTOP', RELEASE);
    await expectHolding(joining);
    process.kill(joining.pid, 'SIGTERM');
    await expectReached(RELEASE, joining);
    await expectSteadyAlone();

    thaw(joining);
    expect(await joining.exited).toEqual({ code: 0, signal: null });
    await expectSteadyAlone();
  });

  it('is stopped with the range claimed, before the commit', async () => {
    const joining = await join('SIGTERM', CLAIM);
    await expectReached(CLAIM, joining);

    expect(await joining.exited).toEqual({ code: 0, signal: null });
    await expectSteadyAlone();
  });
});
