import { ALARM } from '../kernel/counters/counter-alarm.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { repeatedIn } from './support/alarm-calls.js';
import { expectCaughtUp, expectOwner, expectReplay } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';
import { START_LIMIT, Subscribing } from './support/subscribing.js';

/** What a busy machine may take on top, in ms. */
const SLACK = 4_000;

describe.each(DATABASE_KINDS)('two processes that run subscriptions on %s', (kind) => {
  let subscribing: Subscribing;

  beforeEach(async () => {
    subscribing = await Subscribing.open(kind);
  });

  afterEach(() => subscribing.close());

  it('share the work without doing any of it twice', async () => {
    const seed = seedOf(`leases, ${kind}, two processes`);
    await subscribing.appendTogether(300, seed);
    const settings = { leaseTtl: 20_000 };
    const processes = await Promise.all([subscribing.spawn(settings), subscribing.spawn(settings)]);
    subscribing.keepAppending(seed);
    for (const each of processes) await each.waitFor(/subscribing/, START_LIMIT);
    await eventually(async () => expect((await subscribing.calls('done')).length).toBeGreaterThan(600));
    await subscribing.stopAppending();
    await expectCaughtUp(subscribing);

    const begun = await subscribing.calls('begun');
    expect(repeatedIn(begun)).toEqual([]);
    expect(new Set(begun.map(({ pid }) => pid)).size).toBe(1);
    // Every subscription was claimed once, by one of the two.
    for (const [url, table] of [
      [subscribing.database.url, 'subscriptions'],
      [subscribing.database.viewsUrl, 'read_models'],
    ] as const) {
      for (const { owner, epoch } of await runSql(url, `select owner, epoch from ${table}`)) {
        expect(processes.map(({ pid }) => String(pid))).toContain(String(owner).split('/').at(-2));
        expect(Number(epoch)).toBe(1);
      }
    }
    seed.print(`${begun.length} events, all by ${begun[0]!.pid} of ${processes.map(({ pid }) => pid).join(' and ')}`);
  }, 120_000);

  it('take over from one that is killed when its lease is over, and repeat only what it had not stored', async () => {
    const seed = seedOf(`leases, ${kind}, killed`);
    const leaseTtl = 1_500;
    const [owner, other] = await subscribing.startTwo({ leaseTtl });
    subscribing.keepAppending(seed);
    await eventually(async () => expect((await subscribing.calls('done')).length).toBeGreaterThan(100));

    // In the middle of a handler, while appends go on.
    const position = (await subscribing.node.log.head()) + seed.between(50, 100);
    await subscribing.steer('hold-effect', position, owner.pid);
    await owner.waitFor(new RegExp(`held by hold-effect-${position}`));
    const killedAt = Date.now();
    expect((await owner.kill()).signal).toBe('SIGKILL');
    const stored = await subscribing.alarmState();
    // It is too soon for the other.
    expect(stored.epoch).toBe(1);
    const theirs = await eventually(async () => {
      const found = (await subscribing.calls('begun')).filter(({ pid }) => pid === other.pid);
      expect(found.length).toBeGreaterThan(50);
      return found;
    });
    await subscribing.stopAppending();
    await expectCaughtUp(subscribing);
    await expectOwner(subscribing, other);

    // From the kill to the first event that the other was given. It looks now and then whether a lease has run out.
    const took = theirs[0]!.at - killedAt;
    expect(took).toBeLessThan(leaseTtl + leaseTtl / 2 + 1_000 + SLACK);
    expect(theirs[0]!.position).toBeGreaterThan(stored.position);
    const repeated = repeatedIn(await subscribing.calls('begun'));
    expect(repeated.filter((each) => each <= stored.position)).toEqual([]);
    expect(repeated.at(-1)).toBe(position);
    seed.print(`taken over in ${took} ms from position ${stored.position}; repeated: ${repeated.join(', ') || 'none'}`);
  }, 120_000);

  it('take over at once from one that is asked to end, and repeat nothing', async () => {
    const seed = seedOf(`leases, ${kind}, asked to end`);
    // Far longer than the takeover may last. On SQLite others look at most four times within a lease.
    const leaseTtl = kind === 'sqlite' ? 20_000 : 60_000;
    const limit = 15_000;
    const [owner, other] = await subscribing.startTwo({ leaseTtl, pause: 1 });
    subscribing.keepAppending(seed);
    await eventually(async () => expect((await subscribing.calls('done')).length).toBeGreaterThan(100));

    const askedAt = Date.now();
    expect(await owner.stop()).toEqual({ code: 0, signal: null });
    const position = await expectReplay(subscribing);
    await expectOwner(subscribing, other, undefined, limit + SLACK);
    const theirs = await eventually(async () => {
      const found = (await subscribing.calls('begun')).filter(({ pid }) => pid === other.pid);
      expect(found.length).toBeGreaterThan(50);
      return found;
    });
    await subscribing.stopAppending();
    await expectCaughtUp(subscribing);

    const took = theirs[0]!.at - askedAt;
    expect(took).toBeLessThan(limit);
    expect(repeatedIn(await subscribing.calls('begun'))).toEqual([]);
    expect(await subscribing.alarmState()).toMatchObject({ epoch: 2 });
    expect(owner.errorLines).toEqual([]);
    seed.print(`${ALARM} taken over in ${took} ms; the read model was left at ${position}`);
  }, 120_000);
});
