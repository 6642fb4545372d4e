import { join } from 'node:path';
import { LogExport, type LogImportReport, LogVerifier } from '../../src/index.js';
import { CounterGreeter } from '../counters/counter-alarm.js';
import { CounterNodes } from '../counters/counter-nodes.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import type { ImportKill } from './support/importing-program.js';

/** Three batches. */
const EVENTS = 2_300;
const ROWS = 'select position, event_id, stream, version, data, recorded_at from leftfold_events order by position';

describe.each(DATABASE_KINDS)('a process that is killed while it imports on %s', (kind) => {
  let source: CounterNodes;
  let target: TestDatabase | undefined;
  let file: string;

  beforeAll(async () => {
    source = await CounterNodes.prepare(kind);
    const node = await source.start({ runSubscriptions: false });
    const events = Array.from({ length: EVENTS }, (_, n) => ({ type: 'counters.counter-raised', data: { by: n } }));
    await node.log.append([{ stream: 'counter-1', expected: 0, events }]);
    file = join(source.database.folder, 'log.ndjson');
    await node.get(LogExport).run(file);
    await source.stop(node);
  });

  afterEach(async () => {
    await killLeftovers();
    await target?.drop();
  });

  afterAll(() => source?.drop());

  const importing = async (onto: boolean, kill: ImportKill | null): Promise<AppProcess> => {
    const args = [target!.url, target!.viewsUrl, file, String(onto), JSON.stringify(kill)];
    return AppProcess.run({ script: await kernelProgram('importing'), args });
  };
  const reportOf = (run: AppProcess): LogImportReport =>
    JSON.parse(run.stdout.trimEnd().split('\n').at(-1)!) as LogImportReport;

  it.each([false, true])('goes on where it was; at new positions: %s', async (onto) => {
    target = await createTestDatabase(kind);
    for (const [kill, stored] of [
      [{ when: 'after', batch: 2 }, 2_000],
      [{ when: 'before', batch: 1 }, 2_000],
    ] as const) {
      expect(await (await importing(onto, kill)).exited).toMatchObject({ signal: 'SIGKILL' });
      const [row] = await runSql(target.url, 'select count(*) as events from leftfold_events');
      expect(Number(row!.events)).toBe(stored);
    }
    expect(reportOf(await importing(onto, null))).toMatchObject({
      added: 300,
      skipped: 2_000,
      from: 2_001,
      to: EVENTS,
    });
    expect(await runSql(target.url, ROWS)).toEqual(await runSql(source.database.url, ROWS));
  });

  it('ends when another import of the file goes on in its place', async () => {
    target = await createTestDatabase(kind);
    const runs = await Promise.all([importing(false, null), importing(false, null)]);
    const refused = runs.filter(({ stderr }) => stderr.includes('ImportRefusedError'));
    expect(refused.length).toBeLessThanOrEqual(1);
    for (const run of refused) expect(run.stderr).toContain('Another import of this file has begun');
    expect(await runSql(target.url, ROWS)).toEqual(await runSql(source.database.url, ROWS));
  });

  it('is refused when the application starts, or appends, beside it', async () => {
    target = await createTestDatabase(kind);
    expect(await (await importing(false, { when: 'after', batch: 1 })).exited).toMatchObject({ signal: 'SIGKILL' });
    const nodes = CounterNodes.on(target);
    const node = await nodes.start({}, { providers: [CounterGreeter] });
    expect((await importing(false, null)).stderr).toContain('The application was started on this log');
    await node.log.append([
      { stream: 'counter-2', expected: 0, events: [{ type: 'counters.counter-raised', data: {} }] },
    ]);
    expect((await importing(false, null)).stderr).toContain('something else has appended to it');
    expect(reportOf(await importing(true, null))).toMatchObject({ added: 1_300, skipped: 1_000 });
    expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, events: EVENTS + 1 });
    await nodes.stop(node);
  });
});
