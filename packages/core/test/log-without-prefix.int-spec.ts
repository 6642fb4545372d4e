import type { ModuleMetadata } from '@nestjs/common';
import { Databases } from '../src/index.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { removeFolder } from './support/test-run.mjs';
import { allRows, runSql } from './support/stored-rows.js';
import { CounterNode } from './counters/counter-node.js';
import { eventsOf, open, raise, settled, undisturbed } from './counters/counter-nodes.js';
import { LEVELLING_PROVIDERS, lowerIt, reaction } from './counters/counter-saga.js';
import { TALLY, tallies } from './counters/tally-projection.js';

const LEASE = { leaseTtl: 120_000 };
const VIEW = 'counters.counter-view';

/**
 * A log from before tables had a prefix. The recorded hashes of the migrations show that without a prefix they send what the
 * version of that time sent, so it is made by them.
 */
describe.each(DATABASE_KINDS)('a log without a prefix on %s', (kind) => {
  let database: TestDatabase;
  let id: string;

  const stored = async (): Promise<string[]> => [...(await allRows(database)).keys()];
  const start = ({ imports = [], providers = [] }: ModuleMetadata = {}) =>
    CounterNode.start(database, LEASE, { imports, providers: [...LEVELLING_PROVIDERS, ...providers] });

  beforeEach(async () => {
    undisturbed();
    reaction.to = lowerIt;
    database = await createTestDatabase(kind);
    const before = await CounterNode.start(database, { ...LEASE, tablePrefix: '' }, { providers: LEVELLING_PROVIDERS });
    id = await open(before);
    await raise(before, id, 7);
    // With the event of the command.
    await settled(before, { state: 'live', position: 3 });
    await settled(before, {}, VIEW);
    await before.stop();
  });

  afterEach(async () => {
    undisturbed();
    await database.drop();
  });

  it('keeps its data and accepts new migrations', async () => {
    const node = await start(tallies());

    expect((await eventsOf(node, id)).map(({ data }) => data.by)).toEqual([undefined, 7, -7]);
    await raise(node, id, 2);
    await settled(node, { state: 'live' });
    await settled(node, { state: 'live' }, TALLY);
    await eventually(async () => expect(await node.log.head()).toBe(5));
    await node.stop();

    const tables = await stored();
    expect(tables).toEqual(
      expect.arrayContaining(['events.events', 'events.event_log', 'views.read_models', 'views.tally']),
    );
    expect(tables.filter((name) => name.includes('leftfold_'))).toEqual([]);
  });

  it('has read models without a prefix, even when they are created again', async () => {
    if (kind === 'sqlite') await removeFolder(database.viewsUrl.slice('sqlite:'.length));
    else
      await runSql(
        database.url,
        'drop table read_models, read_model_ranges, read_model_splits, read_model_tables, migrations_views, counter_view',
      );

    const node = await start();

    await settled(node, { state: 'live' }, VIEW);
    const { events, views } = node.get(Databases);
    expect([events.namespace.prefix, views.namespace.prefix]).toEqual(['', '']);
    await node.stop();
  });
});
