import {
  decisionModel,
  Decisions,
  EventSourcingModule,
  LogVerifier,
  TagRebuild,
  type TagValues,
} from '../../src/index.js';
import { bootKernel } from '../counters/counter-node.js';
import { countOf, labelled } from '../decisions/labels.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runScript } from './run-script.js';

const byLabel = ({ label }: { label: string }): TagValues => ({ label });
const byInitial = ({ label }: { label: string }): TagValues => ({ initial: label[0] });

describe.each(DATABASE_KINDS)("verify compares tags with today's classes on %s", (kind) => {
  let database: TestDatabase;
  const nodes: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    database = await createKernelDatabase(kind);
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
    await database.drop();
  });

  async function start(tags?: (event: { label: string }) => TagValues, tagsVersion?: number) {
    const Labelled = labelled(tags, tagsVersion);
    const Count = countOf(Labelled);
    const feature = EventSourcingModule.forFeature({ events: [Labelled], decisionModels: [Count] });
    const app = await bootKernel(database, {}, { imports: [feature] });
    nodes.push(app);
    const decisions = app.get(Decisions);
    return {
      append: (...labels: string[]) =>
        decisions.decide({}, (_, changes) =>
          changes.append('label-1', ...labels.map((label, number) => new Labelled(label, number))),
        ),
      count: (tag: TagValues) => decisions.decide({ found: decisionModel(Count, tag) }, ({ found }) => found.count),
      verify: () => app.get(LogVerifier).verify(),
      rebuild: (all: boolean) => app.get(TagRebuild).run({ all }),
    };
  }

  it('finds what a node with former classes stored, and a rebuild of all types adds the tags', async () => {
    const former = await start();
    const node = await start(byLabel);
    await node.append('red');
    await node.rebuild(false);
    await former.append('red', 'blue');

    expect(await node.verify()).toMatchObject({
      found: 1,
      formerTags: 0,
      findings: [
        {
          check: 'tags',
          where: 'type labels.labelled',
          message: expect.stringMatching(/^2 events, the first at position 2, .*"tags rebuild --all"/),
        },
      ],
    });
    // The log is recorded as complete, because the former node started before.
    expect(await node.rebuild(false)).toEqual([]);
    expect(await node.rebuild(true)).toMatchObject([{ events: 3, added: 2 }]);

    expect(await node.verify()).toMatchObject({ ok: true, formerTags: 0 });
    expect(await node.count({ label: 'red' })).toBe(2);
  });

  it('counts tags of former classes, and finds a tag without an event', async () => {
    await (await start(byLabel)).append('red', 'blue');
    const node = await start(byInitial, 2);
    await node.rebuild(false);

    expect(await node.verify()).toMatchObject({ ok: true, formerTags: 2 });
    await runScript(database.url, [
      `insert into leftfold_event_tags (tag, position) values ('stray', 0), ('stray', 1), ('stray', 100)`,
    ]);
    expect(await node.verify()).toMatchObject({
      found: 1,
      formerTags: 3,
      findings: [{ check: 'tags', where: 'log', position: 0 }],
    });
  });

  it('finds an event whose tags cannot be computed', async () => {
    await (await start(byLabel)).append('red');
    const broken = await start(({ label }) => ({ label: label.toUpperCase().at(9)!.trim() }));

    expect(await broken.verify()).toMatchObject({
      found: 1,
      findings: [{ check: 'tags', position: 1, message: expect.stringContaining("can't be computed") }],
    });
  });
});
