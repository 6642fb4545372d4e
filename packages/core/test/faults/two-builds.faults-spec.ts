import type { INestApplicationContext } from '@nestjs/common';
import { EventLog, Subscriptions } from '../../src/index.js';
import { RENAMED, ThingRenamed } from '../builds/thing-renamed.js';
import { EFFECT, type Handled, SHARED, ThingMade, things, VIEW } from '../builds/things.js';
import { bootKernel } from '../counters/counter-node.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import { START_LIMIT } from './support/counting.js';

describe('a rolling deployment on PostgreSQL under load', () => {
  let database: TestDatabase;
  /** Of the new build; it runs no subscriptions. */
  let observer: INestApplicationContext;
  let old: AppProcess;
  let current: AppProcess;

  beforeAll(async () => {
    database = await createKernelDatabase('postgres');
    observer = await bootKernel(
      database,
      { runSubscriptions: false },
      things([ThingMade, ThingRenamed], () => undefined),
    );
  });

  afterAll(async () => {
    await killLeftovers();
    await observer?.close();
    await database?.drop();
  });

  async function start(build: 'old' | 'new'): Promise<AppProcess> {
    const script = await kernelProgram(`${build}-build`);
    const app = await AppProcess.spawn({ script, args: [database.url, database.viewsUrl] });
    await app.waitFor(/ready/, START_LIMIT);
    return app;
  }

  async function stopStoring(...apps: readonly AppProcess[]): Promise<number> {
    const before = apps.map(timesStored);
    for (const app of apps) process.kill(app.pid, 'SIGUSR2');
    await eventually(() => expect(apps.map(timesStored)).toEqual(before.map((times) => times + 1)));
    return observer.get(EventLog).head();
  }

  const timesStored = ({ stdout }: AppProcess): number => stdout.split('has stored all').length - 1;
  const handledBy = (...apps: readonly AppProcess[]): Handled[] =>
    apps.flatMap(({ stdout }) =>
      [...stdout.matchAll(/^handled (.+)$/gm)].map(([, json]) => JSON.parse(json!) as Handled),
    );
  const renamedIn = (app: AppProcess, name: string) =>
    handledBy(app).filter((each) => each.name === name && each.type === RENAMED);
  const positions = (handled: readonly Handled[], name: string) =>
    handled
      .filter((each) => each.name === name)
      .map(({ position }) => position)
      .toSorted((one, other) => one - other);

  async function expectAllHandled(head: number): Promise<void> {
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () =>
        expect(await observer.get(Subscriptions).get(name)).toMatchObject({
          position: head,
          parked: 0,
          lastError: null,
        }),
      );
    }
    const [sum] = await runSql(database.viewsUrl, 'select sum(raises) as sum from tally');
    expect(Number(sum!.sum)).toBe(head);
  }

  it('the old build leaves the subscriptions to the new one, and no event is skipped or handled twice', async () => {
    old = await start('old');
    await eventually(() => expect(positions(handledBy(old), EFFECT).length).toBeGreaterThan(50));
    current = await start('new');
    for (const name of [EFFECT, SHARED]) {
      await old.waitFor(new RegExp(`${name}.*does not know the type "${RENAMED}".*leaves it to nodes that know`));
    }
    for (const name of [EFFECT, SHARED]) {
      await eventually(() => expect(renamedIn(current, name).length).toBeGreaterThan(20));
    }
    const head = await stopStoring(old, current);
    await expectAllHandled(head);

    const all = Array.from({ length: head }, (_, index) => index + 1);
    for (const name of [EFFECT, SHARED]) {
      const handled = positions(handledBy(old, current), name);
      // One that was slow for longer than its lease says so, and its last work is repeated.
      const isOvertaken = [old, current].some(({ output }) => output.includes(`"${name}" was taken over`));
      expect(isOvertaken ? [...new Set(handled)] : handled).toEqual(all);
      expect(renamedIn(old, name)).toEqual([]);
    }
  }, 180_000);

  it('the old build skips nothing while the only node of the new one is dead', async () => {
    const dying = current;
    const before = renamedIn(dying, EFFECT).length;
    for (const app of [old, dying]) process.kill(app.pid, 'SIGHUP');
    await eventually(() => expect(renamedIn(dying, EFFECT).length).toBeGreaterThan(before + 10));
    await dying.kill();
    current = await start('new');
    await eventually(() => expect(renamedIn(current, EFFECT).length).toBeGreaterThan(10));
    const head = await stopStoring(old, current);
    await expectAllHandled(head);

    const handled = handledBy(old, dying, current);
    const all = Array.from({ length: head }, (_, index) => index + 1);
    // A side effect whose node was killed is repeated, so at least once.
    for (const name of [EFFECT, SHARED]) expect([...new Set(positions(handled, name))]).toEqual(all);
    for (const name of [EFFECT, SHARED]) expect(renamedIn(old, name)).toEqual([]);
    expect(await old.stop()).toMatchObject({ code: 0 });
    expect(await current.stop()).toMatchObject({ code: 0 });
  });
});
