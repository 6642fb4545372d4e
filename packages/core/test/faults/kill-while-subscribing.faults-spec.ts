import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { Counting, START_LIMIT } from './support/counting.js';
import { expectNobodyAppends, expectNoHoles } from './support/expect-log.js';
import { expectCaughtUp, expectReplay } from './support/expect-subscriptions.js';
import { roundsOf, seedOf } from './support/seed.js';

const KILLS = roundsOf(2);
/** In ms. */
const LATEST_KILL = 120;
/** A low limit, so that a death that is blamed on the wrong event shows. */
const SETTINGS = { leaseTtl: 500, deaths: { view: 2, effect: 2 } };

describe.each(DATABASE_KINDS)('a process that is killed while it subscribes on %s', (kind) => {
  const seed = seedOf(`kill while subscribing, ${kind}`);
  let counting: Counting;

  beforeEach(async () => {
    counting = await Counting.open(kind, seed);
  });

  afterEach(() => counting.close());

  it('again and again, at any time, while it also appends, parks nothing and leaves no gap', async () => {
    const pauses: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await counting.appendTogether(20);
      const child = await counting.spawn({ ...SETTINGS, pause: 3, raises: counting.counterIds });
      await expectProgress(child);
      pauses.push(seed.between(0, LATEST_KILL));
      await sleep(pauses.at(-1));
      expect((await child.kill()).signal).toBe('SIGKILL');
      await expectReplay(counting);
      expect(await counting.alarmState()).toMatchObject({ parked: 0 });
    }

    await expectNobodyAppends(counting.database);
    // One by one, and each is counted.
    await counting.surviving(SETTINGS, () => expectCaughtUp(counting, 60_000));
    expectNoHoles(await counting.events());
    const begun = (await counting.calls('begun')).length;
    const raised = (await counting.raised()).length;
    seed.print(`killed after ${pauses.join(', ')} ms of work; ${begun} calls for ${raised} events`);
  });

  /** The event in delivery is then not the one at which the previous process died, so no event is blamed. */
  async function expectProgress(child: AppProcess): Promise<void> {
    const [view, effect] = [await counting.node.status(), await counting.alarmState()];
    await eventually(async () => {
      expect(child.isRunning).toBe(true);
      expect((await counting.node.status()).position).toBeGreaterThan(view.position);
      expect((await counting.alarmState()).position).toBeGreaterThan(effect.position);
    }, START_LIMIT);
  }
});
