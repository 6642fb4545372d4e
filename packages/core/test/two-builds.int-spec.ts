import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';
import {
  DomainEvent,
  type EventContext,
  EventLog,
  EventSourcingModule,
  type EventSourcingOptions,
  InjectReadModel,
  LeftSubscriptions,
  Projection,
  type ProjectionHandler,
  ReadModel,
  SideEffect,
  type SideEffectHandler,
  Subscriptions,
} from '../src/index.js';
import { createKernelDatabase } from './counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { bootKernel } from './counters/counter-node.js';
import { CreateTally1750000900001, Tally } from './counters/tally.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';

type Build = 'old' | 'new';

const EFFECT = 'things.effect';
const SHARED = 'things.shared';
const VIEW = 'things.view';
const RENAMED = 'things.thing-renamed';

@DomainEvent('things.thing-made')
class ThingMade {
  declare readonly type: 'things.thing-made';
  constructor(readonly id: string) {}
}

@DomainEvent(RENAMED)
class ThingRenamed {
  declare readonly type: typeof RENAMED;
  constructor(readonly id: string) {}
}

/** What the side effects have handled: subscription, build and position. */
const handled: { name: string; build: Build; position: number; type: string }[] = [];

/** The old build has no class for the second event. */
function programOf(build: Build): ModuleMetadata {
  const events = build === 'old' ? [ThingMade] : [ThingMade, ThingRenamed];
  const note = (name: string, event: { type: string }, { position }: EventContext) =>
    void handled.push({ name, build, position, type: event.type });

  @SideEffect({ name: EFFECT, startAt: 'beginning', partitioned: false })
  @EventsHandler(...events)
  class Effect implements SideEffectHandler<ThingMade> {
    async handle(event: ThingMade, context: EventContext): Promise<void> {
      note(EFFECT, event, context);
    }
  }

  @SideEffect({ name: SHARED, startAt: 'beginning' })
  @EventsHandler(...events)
  class Shared implements SideEffectHandler<ThingMade> {
    async handle(event: ThingMade, context: EventContext): Promise<void> {
      note(SHARED, event, context);
    }
  }

  @Projection({ name: VIEW, entities: [Tally] })
  @EventsHandler(...events)
  class View implements ProjectionHandler<ThingMade> {
    constructor(@InjectReadModel(Tally) private readonly rows: ReadModel<Tally>) {}

    async handle({ id }: ThingMade): Promise<void> {
      const row = await this.rows.get(id);
      this.rows.save({ counterId: id, raises: (row?.raises ?? 0) + 1 });
    }
  }
  return {
    imports: [
      EventSourcingModule.forFeature({
        events,
        readModels: [Tally],
        migrations: { views: [CreateTally1750000900001] },
      }),
    ],
    providers: [Effect, Shared, View],
  };
}

describe.each(DATABASE_KINDS)('two builds on one database, %s', (kind) => {
  let database: TestDatabase;
  let nodes: INestApplicationContext[] = [];

  beforeEach(async () => {
    handled.length = 0;
    database = await createKernelDatabase(kind);
  });

  afterEach(async () => {
    for (const node of nodes) await node.close();
    nodes = [];
    await database.drop();
  });

  async function start(build: Build, options: Partial<EventSourcingOptions> = {}): Promise<INestApplicationContext> {
    const restartPause = { first: 50, longest: 100 };
    const node = await bootKernel(database, { leaseTtl: 2_000, restartPause, ...options }, programOf(build));
    nodes.push(node);
    return node;
  }

  async function store(node: INestApplicationContext, id: string, type: string): Promise<number> {
    const { position } = await node
      .get(EventLog)
      .append([{ stream: `thing-${id}`, expected: 'any', events: [{ type, data: { id } }] }]);
    return position;
  }

  const status = (node: INestApplicationContext, name: string) => node.get(Subscriptions).get(name);
  const positions = (name: string) => handled.filter((each) => each.name === name).map(({ position }) => position);

  it('an event that a node does not know waits for a node that knows it', async () => {
    const old = await start('old');
    const made = await store(old, '1', 'things.thing-made');
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => expect(await status(old, name)).toMatchObject({ position: made }));
    }

    // A node of the new build that runs no subscriptions stores the event. Only the old one can run them.
    const api = await start('new', { runSubscriptions: false });
    const renamed = await store(api, '1', RENAMED);
    const later = await store(api, '2', 'things.thing-made');
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => {
        const { position, lastError } = await status(old, name);
        expect({ name, position, lastError }).toEqual({
          name,
          position: made,
          lastError: expect.stringMatching(`does not know the type "${RENAMED}".*Start a version that knows it`),
        });
      });
    }
    await eventually(() =>
      expect(old.get(LeftSubscriptions).left()).toEqual(
        expect.arrayContaining([EFFECT, SHARED, VIEW].map((name) => ({ name, type: RENAMED }))),
      ),
    );

    const worker = await start('new');
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () =>
        expect(await status(worker, name)).toMatchObject({ position: later, lastError: null, state: 'live' }),
      );
    }
    for (const name of [EFFECT, SHARED]) expect(positions(name)).toEqual([made, renamed, later]);
    expect(handled.filter(({ type }) => type === RENAMED).map(({ build }) => build)).toEqual(['new', 'new']);
    await eventually(async () =>
      expect(await runSql(database.viewsUrl, 'select counter_id, raises from tally order by counter_id')).toEqual([
        { counter_id: '1', raises: 2 },
        { counter_id: '2', raises: 1 },
      ]),
    );
  });

  it('nothing is skipped while both store and handle events', async () => {
    const old = await start('old');
    for (let n = 0; n < 10; n++) await store(old, `${n}`, 'things.thing-made');
    const current = await start('new');
    const stored: Promise<number>[] = [];
    for (let n = 0; n < 200; n++) {
      stored.push(n % 3 === 0 ? store(current, `${n % 16}`, RENAMED) : store(old, `${n % 16}`, 'things.thing-made'));
      if (n % 10 === 9) await Promise.all(stored);
    }
    await Promise.all(stored);
    const head = await current.get(EventLog).head();
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => expect(await status(current, name)).toMatchObject({ position: head, parked: 0 }));
    }
    const all = Array.from({ length: head }, (_, index) => index + 1);
    for (const name of [EFFECT, SHARED]) {
      // Side effects are at least once: the old node may be in the middle of a batch when the new one comes.
      expect([...new Set(positions(name))].toSorted((one, other) => one - other)).toEqual(all);
    }
    expect(handled.filter(({ type, build }) => type === RENAMED && build === 'old')).toEqual([]);
    const [sum] = await runSql(database.viewsUrl, 'select sum(raises) as sum from tally');
    expect(Number(sum!.sum)).toBe(head);
  });
});
