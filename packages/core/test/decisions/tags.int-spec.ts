import { Logger } from '@nestjs/common';
import {
  decisionModel,
  Decisions,
  EventSourcingModule,
  type TagRebuildOptions,
  TagRebuild,
  type TagValues,
} from '../../src/index.js';
import { ModelSnapshots } from '../../src/decisions/model-snapshots.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { bootKernel } from '../counters/counter-node.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { runScript } from '../verify/run-script.js';
import { countOf, labelled } from './labels.js';

const byLabel = ({ label }: { label: string }): TagValues => ({ label });
const byLabelAndFirst = ({ label }: { label: string }): TagValues => ({ label, first: label[0] });

/** A database as the version before tag versions left it. */
const UPGRADE = [
  'drop table leftfold_tag_versions',
  'alter table leftfold_event_log drop column tags_generation',
  `delete from leftfold_migrations_events where name = 'CreateTagVersions1750002270000'`,
];

describe.each(DATABASE_KINDS)('tags that a class gets later, on %s', (kind) => {
  let database: TestDatabase;
  const nodes: { close(): Promise<void> }[] = [];
  const warnings: string[] = [];

  beforeEach(async () => {
    database = await createKernelDatabase(kind);
    warnings.length = 0;
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await database.drop();
  });

  async function start(tags?: (event: { label: string }) => TagValues, tagsVersion?: number) {
    const Labelled = labelled(tags, tagsVersion);
    const Count = countOf(Labelled);
    const app = await bootKernel(
      database,
      { snapshotEvery: 1 },
      { imports: [EventSourcingModule.forFeature({ events: [Labelled], decisionModels: [Count] })] },
    );
    nodes.push(app);
    const decisions = app.get(Decisions);
    const append = (count: number) =>
      decisions.decide({}, (_, changes) =>
        changes.append('label-1', ...Array.from({ length: count }, (__, at) => new Labelled('red', at))),
      );
    const count = (tag: TagValues) =>
      decisions.decide({ found: decisionModel(Count, tag) }, ({ found }) => found.count);
    const rebuild = (options?: TagRebuildOptions) => app.get(TagRebuild).run(options);
    return { app, append, count, rebuild, settled: () => app.get(ModelSnapshots).settled() };
  }
  const isNamed = () => warnings.some((text) => text.includes('labels.labelled') && text.includes('tags rebuild'));

  it('are found after a rebuild, which goes on where it was interrupted', async () => {
    const before = await start();
    await before.append(25);
    await before.app.close();
    nodes.length = 0;
    await runScript(database.url, UPGRADE);

    const node = await start(byLabel);
    expect(isNamed()).toBe(true);
    await node.append(1);
    expect(await node.count({ label: 'red' })).toBe(1);
    await node.settled();

    expect(await node.rebuild({ dryRun: true })).toEqual([
      { type: 'labels.labelled', tagsVersion: 1, events: 26, added: 25 },
    ]);
    const interruption = new AbortController();
    const interrupted = node.rebuild({
      batch: 10,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    await expect(interrupted).rejects.toThrow('aborted');
    expect(await node.rebuild({ dryRun: true })).toMatchObject([{ events: 16, added: 15 }]);

    const seen: number[][] = [];
    const rebuilt = await node.rebuild({ batch: 10, onProgress: (events, of) => seen.push([events, of]) });

    expect(rebuilt).toMatchObject([{ events: 16, added: 15 }]);
    expect(seen.at(-1)).toEqual([16, 16]);
    // Neither the state in memory nor its snapshot counts any more.
    expect(await node.count({ label: 'red' })).toBe(26);
    await node.settled();
    warnings.length = 0;
    const restarted = await start(byLabel);
    expect(await restarted.count({ label: 'red' })).toBe(26);
    expect(isNamed()).toBe(false);
    expect(await restarted.rebuild()).toEqual([]);
  });

  it('are missing again when their version rises, or a program without them has run', async () => {
    const first = await start(byLabel);
    await first.append(3);
    expect(isNamed()).toBe(false);

    const second = await start(byLabelAndFirst, 2);
    expect(isNamed()).toBe(true);
    const both = await Promise.all([second.rebuild({ batch: 1 }), second.rebuild({ batch: 2 })]);
    expect(both.flat().reduce((sum, { added }) => sum + added, 0)).toBe(3);
    expect(await second.count({ first: 'r' })).toBe(3);

    const back = await start();
    await back.append(2);
    warnings.length = 0;
    const again = await start(byLabelAndFirst, 2);
    expect(isNamed()).toBe(true);
    expect(await again.rebuild()).toMatchObject([{ added: 4 }]);
    // A node that runs since before sees it, too.
    expect(await second.count({ first: 'r' })).toBe(5);
  });

  it('are complete at once where the type has no events', async () => {
    await start();
    const node = await start(byLabel);
    await node.append(2);
    const restarted = await start(byLabel);

    expect(isNamed()).toBe(false);
    expect(await restarted.rebuild()).toEqual([]);
  });
});
