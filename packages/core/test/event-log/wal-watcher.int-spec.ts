import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WalWatcher } from '../../src/event-log/sqlite/wal-watcher.js';

/** As in wal-watcher.ts, in ms. */
const INTERVAL = 4;

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'leftfold-wal-watcher-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('tells of many changes at intervals, and of the last one in any case', async () => {
  const file = join(folder, 'log.sqlite');
  const wal = `${file}-wal`;
  writeFileSync(wal, '');
  const seen: number[] = [];
  const told = new Promise<void>((resolve) => {
    const watcher = new WalWatcher(file, () => {
      seen.push(statSync(wal).size);
      if (seen.at(-1) !== 100) return;
      watcher.close();
      resolve();
    });
  });
  const began = performance.now();

  for (let size = 0; size < 100; size++) {
    appendFileSync(wal, 'x');
    await nextTurn();
  }
  await told;

  // A timer counts from the last whole millisecond, so all intervals together may be up to a millisecond shorter.
  expect(seen.length).toBeLessThanOrEqual((performance.now() - began + 1) / INTERVAL + 1);
});
