import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectCaughtUp, expectReplay } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';
import { START_LIMIT, Subscribing } from './support/subscribing.js';

const KILLS = 6;
/** In ms. */
const LATEST_KILL = 120;
/** A low limit, so that a death that is held against the wrong event shows. */
const SETTINGS = { leaseTtl: 500, deaths: { view: 2, effect: 2 } };

describe.each(DATABASE_KINDS)('a process that is killed while it subscribes on %s', (kind) => {
  let subscribing: Subscribing;

  beforeEach(async () => {
    subscribing = await Subscribing.open(kind);
  });

  afterEach(() => subscribing.close());

  it('again and again, at any moment, sets nothing aside', async () => {
    const seed = seedOf(`kill while subscribing, ${kind}`);
    const pauses: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await subscribing.appendTogether(50, seed);
      const child = await subscribing.spawn({ ...SETTINGS, pause: 3 });
      await expectProgress(child);
      pauses.push(seed.between(0, LATEST_KILL));
      await sleep(pauses.at(-1));
      expect((await child.kill()).signal).toBe('SIGKILL');
      await expectReplay(subscribing);
      expect(await subscribing.alarmState()).toMatchObject({ parked: 0 });
    }

    await subscribing.spawn(SETTINGS);
    // One by one, and each is counted.
    await expectCaughtUp(subscribing, 60_000);
    const begun = (await subscribing.calls('begun')).length;
    const raised = (await subscribing.raised()).length;
    seed.print(`killed after ${pauses.join(', ')} ms of work; ${begun} calls for ${raised} events`);
  }, 180_000);

  /** The event under way is then not the one at which the process before was killed: none can be held to be deadly. */
  async function expectProgress(child: AppProcess): Promise<void> {
    const [view, effect] = [await subscribing.node.status(), await subscribing.alarmState()];
    await eventually(async () => {
      expect(child.isRunning).toBe(true);
      expect((await subscribing.node.status()).position).toBeGreaterThan(view.position);
      expect((await subscribing.alarmState()).position).toBeGreaterThan(effect.position);
    }, START_LIMIT);
  }
});
