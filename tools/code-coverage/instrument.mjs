import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInstrumenter } from 'istanbul-lib-instrument';

const WRITE_AT_EXIT = fileURLToPath(new URL('write-at-exit.mjs', import.meta.url));

/**
 * Adds counters to a TypeScript file before it is compiled, so that tests and the bundled programs are counted alike.
 *
 * @param {string} file
 * @param {string} name by which it is reported
 */
export function instrument(file, name) {
  const instrumenter = createInstrumenter({
    esModules: true,
    compact: false,
    parserPlugins: ['typescript', 'decorators-legacy'],
  });
  const code = instrumenter.instrumentSync(readFileSync(file, 'utf8'), name);
  return { code: `import ${JSON.stringify(WRITE_AT_EXIT)};\n${code}`, map: instrumenter.lastFileCoverage() };
}
