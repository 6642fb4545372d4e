import { join } from 'node:path';
import { LogExport, LogImport, LogSeal, LogVerifier } from '@leftfold/core';
import { newSigningKey, parseCheckpoint, ProofsModule, Sealed } from '../src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes } from '../../core/test/counters/counter-nodes.js';
import { OpenCounterCommand, RaiseCounterCommand } from '../../core/test/counters/counter.js';
import { GetCounterQuery } from '../../core/test/counters/counter-view.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';
import { eventually } from '../../core/test/support/eventually.js';

const SEALING = { imports: [ProofsModule.forRoot({ keys: [newSigningKey('log.example')], interval: 10 })] };
const IMPORTING = { oneOff: true, mayCreate: true, runSubscriptions: false };
const COUNTERS = ['one', 'two', 'three'];
const EVENTS = 2_500;
const ROWS = 'select * from leftfold_events order by position';
const OTHER = { sqlite: 'postgres', postgres: 'sqlite' } as const;

describe.each(DATABASE_KINDS)('a log on %s that is imported into the other database', (kind) => {
  let source: CounterNodes;
  let target: CounterNodes;
  let counters: string[];
  let file: string;
  let root: Buffer;

  const sealedRoot = async (node: CounterNode, size: number): Promise<Buffer> => {
    await node.get(Sealed).waitFor(size, 20_000);
    return parseCheckpoint((await node.get(LogSeal).checkpoint())!.note).root;
  };

  beforeAll(async () => {
    [source, target] = await Promise.all([CounterNodes.prepare(kind), CounterNodes.prepare(OTHER[kind])]);
    const node = await source.start({}, SEALING);
    counters = [];
    for (const name of COUNTERS) {
      const { counterId } = await node.commands.execute(new OpenCounterCommand(name, name));
      counters.push(counterId);
    }
    const left = Array.from({ length: EVENTS - 4 }, (_, n) => ({
      type: 'counters.counter-raised',
      data: { counterId: counters[0]!, by: n % 3 },
    }));
    await node.log.append([{ stream: `counter-${counters[0]}`, expected: 1, events: left }]);
    await node.log.append([
      {
        stream: 'closed-1',
        expected: 0,
        events: [{ type: 'counters.counter-raised', data: { counterId: 'closed', by: 1 }, closes: true }],
      },
    ]);
    file = join(source.database.folder, 'log.ndjson.gz');
    root = await sealedRoot(node, EVENTS);
    await node.get(LogExport).run(file, { checkpoint: true });
    await source.stop(node);
  });

  afterAll(async () => {
    await source?.drop();
    await target?.drop();
  });

  it('says what it would do, then has the same rows, tree, rules and states', async () => {
    const importer = await target.start(IMPORTING);
    const run = (dryRun: boolean) => importer.get(LogImport).run(file, { dryRun });
    const done = { added: EVENTS, skipped: 0, laterTimes: 0, encrypted: 0, from: 1, to: EVENTS };
    expect(await run(true)).toEqual(done);
    expect(await importer.log.head()).toBe(0);
    expect(await run(false)).toEqual(done);
    expect(await run(false)).toEqual({ added: 0, skipped: EVENTS, laterTimes: 0, encrypted: 0, from: 0, to: 0 });
    expect(await importer.get(LogVerifier).verify()).toMatchObject({ ok: true, events: EVENTS, formerTags: 0 });
    await target.stop(importer);

    const [was, is] = await Promise.all([source.sql(ROWS), target.sql(ROWS)]);
    const plain = (rows: typeof was) => rows.map((row) => Object.values(row).map(String));
    expect(plain(is)).toEqual(plain(was));
    const tags = 'select count(*) as tags from leftfold_event_tags';
    expect(Number((await target.sql(tags))[0]!.tags)).toBe(Number((await source.sql(tags))[0]!.tags));

    const node = await target.start({}, SEALING);
    expect(await sealedRoot(node, EVENTS)).toEqual(root);
    const opened = node.commands.execute(new OpenCounterCommand('again', COUNTERS[1]!));
    await expect(opened).rejects.toThrow('two is taken');
    await expect(
      node.log.append([{ stream: 'closed-1', expected: 'any', events: [{ type: 'a', data: {} }] }]),
    ).rejects.toThrow('closed');
    const { outcome } = await node.from({}, () => node.commands.execute(new RaiseCounterCommand(counters[1]!, 5)));
    expect(outcome!.position).toBe(EVENTS + 1);
    await node.get(Sealed).waitFor(EVENTS + 1, 20_000);
    expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, events: EVENTS + 1 });

    const view = () => node.queries.execute(new GetCounterQuery(counters[1]!));
    await eventually(async () => expect(await view()).toMatchObject({ value: 5, applied: [2, EVENTS + 1] }));

    const again = (onto: boolean) => node.get(LogImport).run(file, { onto });
    await expect(again(false)).rejects.toThrow('something else has appended to it');
    expect(await again(true)).toMatchObject({ added: 0, skipped: EVENTS });
  });
});
