import { ALARM } from '../counters/counter-alarm.js';
import type { AppProcess } from '../support/app-process.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { type AlarmCall, repeatedIn } from './support/alarm-calls.js';
import { Counting } from './support/counting.js';
import { expectCaughtUp, expectOwner, expectReplay } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';

/** Extra time for a busy machine, in ms. */
const SLACK = 5_000;

describe.each(DATABASE_KINDS)('two processes that run subscriptions on %s', (kind) => {
  const seed = seedOf(`leases, ${kind}`);
  let counting: Counting;

  beforeEach(async () => {
    counting = await Counting.open(kind, seed);
  });

  afterEach(() => counting.close());

  it('share the work, take over at once on a shutdown, and repeat nothing', async () => {
    // Far longer than the takeover may last. On SQLite, processes poll four times within a lease.
    const leaseTtl = kind === 'sqlite' ? 12_000 : 60_000;
    await counting.appendTogether(100);
    const processes = await Promise.all([
      counting.start({ leaseTtl, pause: 1 }),
      counting.start({ leaseTtl, pause: 1 }),
    ]);
    counting.keepAppending();
    await expectDone(120);
    await counting.stopAppending();
    await expectCaughtUp(counting);

    const begun = await counting.calls('begun');
    expect(repeatedIn(begun)).toEqual([]);
    expect(new Set(begun.map(({ pid }) => pid)).size).toBe(1);
    // Every subscription was claimed once, by one of the two.
    for (const [url, table] of [
      [counting.database.url, 'leftfold_subscriptions'],
      [counting.database.viewsUrl, 'leftfold_read_models'],
    ] as const) {
      for (const { owner, epoch } of await runSql(url, `select owner, epoch from ${table}`)) {
        expect(processes.map(({ pid }) => String(pid))).toContain(String(owner).split('/').at(-2));
        expect(Number(epoch)).toBe(1);
      }
    }

    const owner = processes.find(({ pid }) => pid === begun[0]!.pid)!;
    const other = processes.find((each) => each !== owner)!;
    counting.keepAppending();
    await expectDone(begun.length + 20);
    const askedAt = Date.now();
    expect(await owner.stop()).toEqual({ code: 0, signal: null });
    const position = await expectReplay(counting);
    await expectOwner(counting, other);
    const [first] = await callsOf(other);
    await counting.stopAppending();
    await expectCaughtUp(counting);

    const took = first!.at - askedAt;
    expect(took).toBeLessThan(leaseTtl);
    expect(repeatedIn(await counting.calls('begun'))).toEqual([]);
    expect(await counting.alarmState()).toMatchObject({ epoch: 2 });
    expect(owner.errorLines).toEqual([]);
    seed.print(`${ALARM} taken over in ${took} ms; the read model was left at ${position}`);
  });

  // Here the database's clock tells that it has expired. kill-while-projecting.faults-spec.ts has takeovers on SQLite.
  if (kind !== 'postgres') return;

  it('take over from a killed process when its lease expires, and repeat only unstored work', async () => {
    const leaseTtl = 1_500;
    const owner = await counting.startOwner({ leaseTtl });
    await counting.surviving({ leaseTtl }, () => expectTakeover(owner, leaseTtl));
  });

  /** By this process. */
  async function expectTakeover(owner: AppProcess, leaseTtl: number): Promise<void> {
    counting.keepAppending();
    await expectDone(30);

    // In the middle of a handler, during appends. They wait until it is known which event is held.
    await counting.stopAppending();
    const position = (await counting.node.log.head()) + seed.between(10, 30);
    await counting.steer('hold-effect', position, owner.pid);
    counting.keepAppending();
    await owner.waitFor(new RegExp(`held by hold-effect-${position}`));
    // It stores nothing while it is held. After the kill, this process may have taken over already.
    const stored = await counting.alarmState();
    expect(stored.epoch).toBe(1);
    const killedAt = Date.now();
    expect((await owner.kill()).signal).toBe('SIGKILL');
    const [first] = await callsOf(process);
    await counting.stopAppending();
    await expectCaughtUp(counting);
    await expectOwner(counting, process);

    // From the kill to the first event of the new owner. It polls for expired leases.
    const took = first!.at - killedAt;
    expect(took).toBeLessThan(1.5 * leaseTtl + SLACK);
    expect(first!.position).toBeGreaterThan(stored.position);
    const repeated = repeatedIn(await counting.calls('begun'));
    expect(repeated.filter((each) => each <= stored.position)).toEqual([]);
    expect(repeated.at(-1)).toBe(position);
    seed.print(`taken over in ${took} ms from position ${stored.position}; repeated: ${repeated.join(', ') || 'none'}`);
  }

  async function expectDone(least: number): Promise<void> {
    await eventually(async () => expect((await counting.calls('done')).length).toBeGreaterThan(least), 30_000);
  }

  /** Once there are some. */
  async function callsOf({ pid }: Pick<AppProcess, 'pid'>): Promise<AlarmCall[]> {
    return eventually(async () => {
      const found = (await counting.calls('begun')).filter((each) => each.pid === pid);
      expect(found.length).toBeGreaterThan(10);
      return found;
    }, 30_000);
  }
});
