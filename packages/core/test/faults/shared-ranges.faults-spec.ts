import { isInRange, partitionOf } from '../../src/event-log/partition.js';
import { ALARM } from '../counters/counter-alarm.js';
import type { AppProcess } from '../support/app-process.js';
import { eventually } from '../support/eventually.js';
import { repeatedIn } from './support/alarm-calls.js';
import { Counting, START_LIMIT } from './support/counting.js';
import { expectCaughtUp, expectOwner } from './support/expect-subscriptions.js';
import { freeze, thaw } from './support/freeze.js';
import { seedOf } from './support/seed.js';

const MINUTES = 60_000;
const SETTINGS = { leaseTtl: 1_500, shared: true, databaseLimits: { idleTransaction: 2_500 } };

describe('nodes whose clocks differ by minutes share a side effect on PostgreSQL', () => {
  const seed = seedOf('shared ranges');
  let counting: Counting;
  let early: AppProcess;
  let late: AppProcess;

  beforeAll(async () => {
    counting = await Counting.open('postgres', seed);
    early = await counting.start({ ...SETTINGS, clockShift: -5 * MINUTES });
    late = await counting.start({ ...SETTINGS, clockShift: 5 * MINUTES });
  }, 3 * START_LIMIT);

  afterAll(() => counting.close());

  beforeEach(async () => {
    await expectShared();
    await counting.appendTogether(20);
    await expectCaughtUp(counting);
  });

  /** Each of the two has half of the partitions. Returns the partitions of each, by process id. */
  async function expectShared() {
    return eventually(async () => {
      const { ranges } = await counting.node.status(ALARM);
      const byPid = new Map(ranges.map((range) => [Number(range.owner?.split('/').at(-2)), range]));
      expect(new Set(byPid.keys())).toEqual(new Set([early.pid, late.pid]));
      return byPid;
    }, 30_000);
  }

  it.each(['early', 'late'] as const)(
    'a node that is frozen in the middle of a batch writes nothing when it wakes; it is the %s one',
    async (which) => {
      const [frozen, other] = which === 'early' ? [early, late] : [late, early];
      const { from, to } = (await expectShared()).get(frozen.pid)!;
      const id = counting.counterIds.find((each) =>
        isInRange(partitionOf(`counter-${each}`), { first: from, last: to }),
      )!;
      const position = (await counting.node.log.head()) + 1;
      await counting.steer('hold-effect', position, frozen.pid);
      const event = { type: 'counters.counter-raised', data: { counterId: id, by: 1 } };
      await counting.node.log.append([{ stream: `counter-${id}`, expected: 'any', events: [event, event, event] }]);
      await frozen.waitFor(new RegExp(`held by hold-effect-${position}`));
      await freeze(frozen, [counting.database.url, counting.database.viewsUrl]);
      await counting.appendTogether(20);

      await expectOwner(counting, other);
      await expectCaughtUp(counting);
      const { position: reached, handled } = await counting.node.status(ALARM);
      await counting.release('hold-effect', position);
      thaw(frozen);

      // Its first write is refused; then it takes part again, with nothing left to do.
      await frozen.waitFor(/"counters.alarm" was taken over/);
      await expectShared();
      const begun = await counting.calls('begun');
      expect(begun.findLast(({ pid }) => pid === frozen.pid)!.position).toBe(position);
      expect(repeatedIn(begun).filter((each) => each >= position)).toEqual([position]);
      await expectCaughtUp(counting);
      expect(await counting.node.status(ALARM)).toMatchObject({ position: reached, handled });
    },
  );
});
