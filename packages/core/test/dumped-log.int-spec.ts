import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { LogVerifier } from '../src/index.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { allRows, runSql } from './support/stored-rows.js';
import { CounterNode } from './counters/counter-node.js';
import { eventsOf, raise, settled, undisturbed } from './counters/counter-nodes.js';
import { LEVELLING_PROVIDERS, lowerIt, reaction } from './counters/counter-saga.js';
import { TALLY, tallies } from './counters/tally-projection.js';

const VIEW = 'counters.counter-view';

/** The text of a dump in `dumps/`. They were made with the last version before tables had a prefix. */
const dump = (name: string): Promise<string> => readFile(join(import.meta.dirname, 'dumps', `${name}.sql`), 'utf8');

async function restore({ kind, url, viewsUrl }: TestDatabase): Promise<void> {
  if (kind === 'postgres') {
    await runSql(url, await dump('postgres'));
    return;
  }
  for (const [name, file] of Object.entries({ 'sqlite-events': url, 'sqlite-views': viewsUrl })) {
    const database = new Sqlite(file.slice('sqlite:'.length));
    database.exec(await dump(name));
    database.close();
  }
}

it.each(DATABASE_KINDS)(
  'a log of the version before tables had a prefix is opened and continued, on %s',
  async (kind) => {
    undisturbed();
    reaction.to = lowerIt;
    const database = await createTestDatabase(kind);
    let node: CounterNode | undefined;
    try {
      await restore(database);
      const [{ stream }] = (await runSql(database.url, 'select stream from events where position = 1')) as [
        { stream: string },
      ];
      const id = stream.replace('counter-', '');
      const { imports = [], providers = [] } = tallies();
      node = await CounterNode.start(database, {}, { imports, providers: [...LEVELLING_PROVIDERS, ...providers] });

      expect((await eventsOf(node, id)).map(({ data }) => data.by)).toEqual([undefined, 7, -7]);
      await raise(node, id, 2);
      const { log } = node;
      await eventually(async () => expect(await log.head()).toBe(5));
      for (const name of [VIEW, TALLY]) await settled(node, { state: 'live' }, name);
      await settled(node, { state: 'live' });
      expect((await eventsOf(node, id)).map(({ data }) => data.by)).toEqual([undefined, 7, -7, 2, -2]);
      expect(await runSql(database.viewsUrl, 'select value from counter_view')).toEqual([{ value: 0 }]);
      expect(await node.get(LogVerifier).verify()).toMatchObject({ events: 5, findings: [] });
      await node.stop();

      expect([...(await allRows(database)).keys()].filter((name) => name.includes('leftfold_'))).toEqual([]);
    } finally {
      undisturbed();
      await node?.stop();
      await database.drop();
    }
  },
);
