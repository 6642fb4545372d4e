import { ALARM } from '../counters/counter-alarm.js';
import type { AppProcess } from '../support/app-process.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { repeatedIn } from './support/alarm-calls.js';
import { freeze, thaw } from './support/freeze.js';
import { expectCaughtUp, expectOwner, expectReplay } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';
import { Counting, START_LIMIT, VIEW } from './support/counting.js';

const SETTINGS = { leaseTtl: 1_500, databaseLimits: { idleTransaction: 2_500 } };
const VIEW_WAS_TAKEN = /"counters.counter-view" was taken over/;
const ALARM_WAS_TAKEN = /"counters.alarm" was taken over/;

describe.each(DATABASE_KINDS)('an owner that is frozen beyond its lease, on %s', (kind) => {
  const seed = seedOf(`frozen owner, ${kind}`);
  let counting: Counting;
  let owner: AppProcess;
  let other: AppProcess;

  beforeAll(async () => {
    counting = await Counting.open(kind, seed);
    [owner, other] = await counting.startTwo(SETTINGS);
  }, 2 * START_LIMIT);

  afterAll(() => counting.close());

  /** Each test leaves two processes, one of which owns everything, except the last test. */
  beforeEach(async () => {
    await counting.appendTogether(20);
    await expectCaughtUp(counting);
    const owners = await counting.owners();
    if (owners[VIEW] !== owner.pid) [owner, other] = [other, owner];
    // One that was slow for a moment has lost a part.
    if (new Set(Object.values(owners)).size > 1) await freeze(other, urls());
    await expectOwner(counting, owner);
    thaw(other);
  });

  it('can’t write to a read model any more, and comes back as a standby', async () => {
    const stored = await counting.node.log.head();
    const position = stored + 1;
    await counting.steer('hold-view', position);
    await counting.appendTogether(20);
    await freezeAt('hold-view', position);
    await expectOwner(counting, other);
    await other.waitFor(new RegExp(`held by hold-view-${position}`));

    // The other process has stored no more either: only the owner of the read model tells them apart.
    await counting.steer('hold-view', position, other.pid);
    thaw(owner);
    await owner.waitFor(VIEW_WAS_TAKEN);
    expect((await counting.projected()).position).toBe(stored);
    await expectReplay(counting);

    await counting.release('hold-view', position);
    await counting.appendTogether(10);
    await expectCaughtUp(counting);
  });

  it('begins no further event of its batch, and none when it was idle', async () => {
    const position = (await counting.node.log.head()) + 5;
    await counting.steer('hold-effect', position);
    await counting.appendTogether(20);
    await freezeAt('hold-effect', position);
    await counting.release('hold-effect', position);
    await expectCaughtUpBy(other);
    thaw(owner);
    await owner.waitFor(ALARM_WAS_TAKEN);
    expect(await lastBegunBy(owner)).toBe(position);
    expect(repeatedIn(await counting.calls('begun')).filter((each) => each >= position)).toEqual([position]);

    const before = await lastBegunBy(other);
    await freeze(other, urls());
    await counting.appendTogether(20);
    await expectCaughtUpBy(owner);
    thaw(other);
    await other.waitFor(ALARM_WAS_TAKEN);
    expect(await lastBegunBy(other)).toBe(before);
  });

  if (kind === 'postgres') {
    it('loses its open transaction, and the other process continues', async () => {
      const position = (await counting.node.log.head()) + 5;
      await counting.steer('hold-open-view', position);
      await counting.appendTogether(20);
      const frozenAt = Date.now();
      await freezeAt('hold-open-view', position);
      await counting.release('hold-open-view', position);
      // Its uncommitted rows are locked until PostgreSQL ends its transaction.
      await expectCaughtUp(counting);
      seed.print(`the other was at the head ${Date.now() - frozenAt} ms after the transaction was frozen`);
      await expectOwner(counting, other);
      thaw(owner);
      // Whether it reads first that its transaction was ended, or that the connection is closed, its lease is gone.
      await owner.waitFor(VIEW_WAS_TAKEN);
      await counting.appendTogether(10);
      await expectCaughtUp(counting);
      await expectBackAfterTheOther();
    });
  } else {
    it('blocks its SQLite file while it has a transaction open; the log, in another file, continues', async () => {
      const stored = await counting.node.log.head();
      await counting.steer('hold-open-view', stored + 5);
      await counting.appendTogether(20);
      await freezeAt('hold-open-view', stored + 5);
      await counting.release('hold-open-view', stored + 5);
      await expectOwner(counting, other, [ALARM]);
      await counting.appendTogether(20);
      const position = await counting.node.log.head();
      await eventually(async () => expect(await counting.node.status(ALARM)).toMatchObject({ position, parked: 0 }));
      // No process can take over the read model; this one tries, and reports it.
      await other.waitFor(/read-model counters\.counter-view\] .*database is locked; trying again/);
      expect(await expectReplay(counting)).toBe(stored);
      // Its subscriptions in the other file stay its own.
      await expectOwner(counting, other, [ALARM]);

      thaw(owner);
      await expectCaughtUp(counting);
      await expectBackAfterTheOther();
    });
  }

  /** In the middle of a handler. */
  async function freezeAt(what: string, position: number): Promise<void> {
    await owner.waitFor(new RegExp(`held by ${what}-${position}`));
    await freeze(owner, what === 'hold-open-view' ? [counting.database.url] : urls());
  }

  function urls(): string[] {
    const { url, viewsUrl } = counting.database;
    return [url, viewsUrl];
  }

  async function expectCaughtUpBy(another: AppProcess): Promise<void> {
    await expectOwner(counting, another);
    await expectCaughtUp(counting);
  }

  async function lastBegunBy({ pid }: AppProcess): Promise<number> {
    return (await counting.calls('begun')).findLast((call) => call.pid === pid)!.position;
  }

  async function expectBackAfterTheOther(): Promise<void> {
    expect(await other.stop()).toEqual({ code: 0, signal: null });
    await expectOwner(counting, owner);
    await counting.appendTogether(10);
    await expectCaughtUp(counting);
    expect((await counting.calls('done')).at(-1)!.pid).toBe(owner.pid);
    expect((await counting.node.status(VIEW)).lag).toBe(0);
  }
});
