import { join } from 'node:path';
import { LogExport, LogImport, type LogImportReport, LogVerifier } from '../../src/index.js';
import { CounterGreeter } from '../counters/counter-alarm.js';
import type { CounterNode } from '../counters/counter-node.js';
import { CounterNodes } from '../counters/counter-nodes.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { MASTER_KEY, PERSONS, tablesWith } from '../personal-data/person.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { copyTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import type { ImportKill } from './support/importing-program.js';

/** Three batches. */
const EVENTS = 2_300;
/** Without the data: the file has personal fields in plain text, which an import encrypts. */
const ROWS = 'select position, event_id, stream, version, recorded_at from leftfold_events order by position';
const NODE = { personalData: { masterKeys: [MASTER_KEY] } };
const IMPORTING = { ...NODE, oneOff: true, mayCreate: true, runSubscriptions: false };
/** One in each batch. */
const PERSONS_AT = [500, 1_500, 2_200];

describe.each(DATABASE_KINDS)('a process that is killed while it imports on %s', (kind) => {
  let source: CounterNodes;
  let rows: object[];
  let file: string;
  /** The process was killed twice: after its second batch, and within the third. */
  let interrupted: TestDatabase;
  /** The number of events after each of the two. */
  let stored: number[];

  beforeAll(async () => {
    source = await CounterNodes.prepare(kind);
    const node = await source.start({ ...NODE, runSubscriptions: false }, PERSONS);
    const events = Array.from({ length: EVENTS }, (_, n) => eventAt(n + 1));
    await node.log.append([{ stream: 'counter-1', expected: 0, events }]);
    file = join(source.database.folder, 'log.ndjson');
    await node.get(LogExport).run(file);
    await source.stop(node);
    rows = await runSql(source.database.url, ROWS);

    interrupted = await createKernelDatabase(kind);
    stored = [await killedAt({ when: 'after', batch: 2 }), await killedAt({ when: 'before', batch: 1 })];
  });

  afterAll(async () => {
    await killLeftovers();
    await interrupted?.drop();
    await source?.drop();
  });

  async function killedAt(kill: ImportKill): Promise<number> {
    const args = [interrupted.url, interrupted.viewsUrl, file, JSON.stringify(kill)];
    const { signal, stderr } = await AppProcess.run({ script: await kernelProgram('importing'), args });
    if (signal !== 'SIGKILL' || stderr) throw new Error(`It never came to its kill:\n${stderr}`);
    const [row] = await runSql(interrupted.url, 'select count(*) as events from leftfold_events');
    return Number(row!.events);
  }

  /** By a node that is there for the import alone. */
  async function importInto(target: TestDatabase, onto = false): Promise<LogImportReport> {
    const nodes = CounterNodes.on(target);
    const node = await nodes.start(IMPORTING, PERSONS);
    try {
      const report = await node.get(LogImport).run(file, { onto });
      await expectPersons(node, target);
      return report;
    } finally {
      await nodes.stop(node);
    }
  }

  it('leaves whole batches, and keys of the one that it did not store', async () => {
    expect(stored).toEqual([2_000, 2_000]);
    const keys = await runSql(interrupted.url, 'select subject from leftfold_personal_keys order by subject');
    expect(keys.map(({ subject }) => subject)).toEqual(PERSONS_AT.map((position) => `p${position}`).toSorted());
  });

  it.each([false, true])('goes on where it was; at new positions: %s', async (onto) => {
    const target = await copyTestDatabase(interrupted);
    const report = await importInto(target, onto);
    expect(report).toMatchObject({ added: 300, skipped: 2_000, from: 2_001, to: EVENTS });
    expect(await runSql(target.url, ROWS)).toEqual(rows);
    await target.drop();
  });

  it('ends when another import of the file goes on in its place', async () => {
    const target = await createKernelDatabase(kind);
    const ends = await Promise.allSettled([importInto(target), importInto(target)]);
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect(refusals.length).toBeLessThanOrEqual(1);
    for (const { message } of refusals) expect(message).toContain('Another import of this file has begun');
    expect(await runSql(target.url, ROWS)).toEqual(rows);
    await target.drop();
  });

  it('is refused when the application starts, or appends, beside it', async () => {
    const nodes = CounterNodes.on(interrupted);
    const node = await nodes.start(NODE, { ...PERSONS, providers: [CounterGreeter] });
    await expect(importInto(interrupted)).rejects.toThrow('The application was started on this log');
    await node.log.append([
      { stream: 'counter-2', expected: 0, events: [{ type: 'counters.counter-raised', data: {} }] },
    ]);
    await expect(importInto(interrupted)).rejects.toThrow('something else has appended to it');
    expect(await importInto(interrupted, true)).toMatchObject({ added: 300, skipped: 2_000 });
    expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, events: EVENTS + 1 });
    await nodes.stop(node);
  });
});

function eventAt(position: number) {
  if (!PERSONS_AT.includes(position)) return { type: 'counters.counter-raised', data: { by: position } };
  return {
    type: 'persons.person-registered',
    data: { personId: `p${position}`, name: `Name ${position}`, address: null },
  };
}

/** Every person is there, and encrypted. */
async function expectPersons(node: CounterNode, target: TestDatabase): Promise<void> {
  const names: unknown[] = [];
  // At later positions they have the same versions.
  for await (const { type, data } of node.log.readStream('counter-1')) {
    if (type === 'persons.person-registered') names.push(data.name);
  }
  expect(names).toEqual(PERSONS_AT.map((position) => `Name ${position}`));
  expect(await tablesWith(target, /Name \d/)).toEqual([]);
}
