import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How often each statement, branch and function of a source file ran.
 *
 * @typedef {{ s: Record<string, number>, b: Record<string, number[]>, f: Record<string, number> }} Counters
 */

const holder = /** @type {{ __coverage__?: Record<string, Counters> }} */ (globalThis);
let written = 0;

/**
 * Writes what the process has counted since the last call, and sets it to zero.
 *
 * @param {string} folder
 * @param {string} testFile what the counts are written down for
 */
export function writeCounters(folder, testFile) {
  const files = Object.entries(holder.__coverage__ ?? {}).map(([file, { s, b, f }]) => [file, { s, b, f }]);
  mkdirSync(folder, { recursive: true });
  written += 1;
  writeFileSync(
    join(folder, `${process.pid}-${written}.json`),
    JSON.stringify({ testFile, files: Object.fromEntries(files) }),
  );
  for (const { s, b, f } of Object.values(holder.__coverage__ ?? {})) {
    for (const id of Object.keys(s)) s[id] = 0;
    for (const id of Object.keys(f)) f[id] = 0;
    for (const counts of Object.values(b)) counts.fill(0);
  }
}
