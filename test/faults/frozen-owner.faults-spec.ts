import { ALARM } from '../kernel/counters/counter-alarm.js';
import type { AppProcess } from '../support/app-process.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { repeatedIn } from './support/alarm-calls.js';
import { freeze, thaw } from './support/freeze.js';
import { projected } from './support/projecting.js';
import { expectCaughtUp, expectOwner, expectReplay } from './support/expect-subscriptions.js';
import { type Seed, seedOf } from './support/seed.js';
import { Subscribing, VIEW } from './support/subscribing.js';

/** In ms. */
const LEASE_TTL = 1_500;
/** As open-database.ts has it, in ms. */
const IDLE_TRANSACTION_TIMEOUT = 10_000;
const SLACK = 6_000;
const VIEW_WAS_TAKEN = /"counters.counter-view" was taken over/;
const ALARM_WAS_TAKEN = /"counters.alarm" was taken over/;

describe.each(DATABASE_KINDS)('an owner that is frozen beyond its lease, on %s', (kind) => {
  let subscribing: Subscribing;
  let seed: Seed;
  let owner: AppProcess;
  let other: AppProcess;

  beforeEach(async () => {
    seed = seedOf(`frozen owner, ${kind}`);
    subscribing = await Subscribing.open(kind);
    [owner, other] = await subscribing.startTwo({ leaseTtl: LEASE_TTL });
    await subscribing.appendTogether(30, seed);
    await expectCaughtUp(subscribing);
  });

  afterEach(() => subscribing.close());

  it('is refused what it wanted to write to a read model, and comes back as one that stands by', async () => {
    const stored = await subscribing.node.log.head();
    const position = stored + 1;
    await subscribing.steer('hold-view', position);
    await subscribing.appendTogether(20, seed);
    await freezeAt('hold-view', position);
    await expectOwner(subscribing, other);
    await other.waitFor(new RegExp(`held by hold-view-${position}`));

    // The other has not come further either: only who owns the read model tells the two apart.
    await subscribing.steer('hold-view', position, other.pid);
    thaw(owner);
    await owner.waitFor(VIEW_WAS_TAKEN);
    expect((await projected(subscribing.database)).position).toBe(stored);
    await expectReplay(subscribing);

    await subscribing.release('hold-view', position);
    await subscribing.appendTogether(10, seed);
    await expectCaughtUp(subscribing);
    await expectBackAfterTheOther();
  }, 120_000);

  it('begins no further event of its batch, and none when it was idle', async () => {
    const position = (await subscribing.node.log.head()) + 5;
    await subscribing.steer('hold-effect', position);
    await subscribing.appendTogether(20, seed);
    await freezeAt('hold-effect', position);
    await subscribing.release('hold-effect', position);
    await expectCaughtUpBy(other);
    thaw(owner);
    await owner.waitFor(ALARM_WAS_TAKEN);
    expect(await lastBegunBy(owner)).toBe(position);
    expect(repeatedIn(await subscribing.calls('begun')).filter((each) => each >= position)).toEqual([position]);

    const before = await lastBegunBy(other);
    await freeze(other, [subscribing.database.url, subscribing.database.viewsUrl]);
    await subscribing.appendTogether(20, seed);
    await expectCaughtUpBy(owner);
    thaw(other);
    await other.waitFor(ALARM_WAS_TAKEN);
    expect(await lastBegunBy(other)).toBe(before);
    [owner, other] = [other, owner];
    await expectBackAfterTheOther();
  }, 120_000);

  if (kind === 'postgres') {
    it('loses its open transaction, and the other goes on', async () => {
      const position = (await subscribing.node.log.head()) + 5;
      await subscribing.steer('hold-open-view', position);
      await subscribing.appendTogether(20, seed);
      const frozenAt = Date.now();
      await freezeAt('hold-open-view', position);
      await subscribing.release('hold-open-view', position);
      // Rows that it has written are locked until PostgreSQL ends its transaction.
      await expectCaughtUp(subscribing, LEASE_TTL + IDLE_TRANSACTION_TIMEOUT + SLACK);
      seed.print(`the other was at the head ${Date.now() - frozenAt} ms after the transaction was frozen`);
      await expectOwner(subscribing, other);
      thaw(owner);
      await owner.waitFor(VIEW_WAS_TAKEN);
      await subscribing.appendTogether(10, seed);
      await expectCaughtUp(subscribing);
      await expectBackAfterTheOther();
    }, 120_000);
  } else {
    it('keeps others from its file while it has a transaction open; the log is another file, and goes on', async () => {
      const stored = await subscribing.node.log.head();
      await subscribing.steer('hold-open-view', stored + 5);
      await subscribing.appendTogether(20, seed);
      await freezeAt('hold-open-view', stored + 5);
      await subscribing.release('hold-open-view', stored + 5);
      await expectOwner(subscribing, other, [ALARM]);
      await subscribing.appendTogether(20, seed);
      const position = await subscribing.node.log.head();
      await eventually(async () => expect(await subscribing.node.status(ALARM)).toMatchObject({ position, parked: 0 }));
      // Nobody can take the read model over; the other tries, and says so.
      await other.waitFor(/read-model counters\.counter-view\] .*database is locked; trying again/);
      expect(await expectReplay(subscribing)).toBe(stored);
      // What it has in the other file stays its own.
      await expectOwner(subscribing, other, [ALARM]);

      thaw(owner);
      await expectCaughtUp(subscribing);
    }, 120_000);
  }

  /** In the middle of a handler. */
  async function freezeAt(what: string, position: number): Promise<void> {
    await owner.waitFor(new RegExp(`held by ${what}-${position}`));
    const { url, viewsUrl } = subscribing.database;
    await freeze(owner, what === 'hold-open-view' ? [url] : [url, viewsUrl]);
  }

  async function expectCaughtUpBy(another: AppProcess): Promise<void> {
    await expectOwner(subscribing, another);
    await expectCaughtUp(subscribing);
  }

  async function lastBegunBy({ pid }: AppProcess): Promise<number> {
    return (await subscribing.calls('begun')).findLast((call) => call.pid === pid)!.position;
  }

  async function expectBackAfterTheOther(): Promise<void> {
    expect(await other.stop()).toEqual({ code: 0, signal: null });
    await expectOwner(subscribing, owner);
    await subscribing.appendTogether(10, seed);
    await expectCaughtUp(subscribing);
    expect((await subscribing.calls('done')).at(-1)!.pid).toBe(owner.pid);
    expect((await subscribing.node.status(VIEW)).lag).toBe(0);
  }
});
