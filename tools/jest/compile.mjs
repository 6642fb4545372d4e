import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, relative } from 'node:path';
import { transformSync } from '@swc/core';

const require = createRequire(import.meta.url);
/** Counts what runs, when that is asked for. @type {Partial<typeof import('../code-coverage/instrument.mjs')>} */
const { instrument } = process.env.LEFTFOLD_COVERAGE ? require('../code-coverage/instrument.mjs') : {};

export const REPOSITORY = join(import.meta.dirname, '..', '..');

/**
 * The same class-field and decorator semantics as tsconfig.json: entities and DTOs depend on both.
 *
 * @type {import('@swc/core').Options}
 */
const OPTIONS = {
  sourceMaps: true,
  swcrc: false,
  configFile: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};
const CACHE = join(REPOSITORY, 'node_modules', '.cache', 'leftfold');
const SALT = JSON.stringify([require('@swc/core/package.json').version, OPTIONS]);

/** Where the source map of each compiled file is, for Jest's stack traces. @type {Map<string, string>} */
export const sourceMaps = new Map();

/**
 * Compiles a TypeScript file without checking its types. What was compiled once is kept below `node_modules/.cache`, also for
 * copies of this repository that tests make: nothing in it says which copy the file is in.
 *
 * @param {string} file
 * @returns {string}
 */
export function compile(file) {
  const name = relative(REPOSITORY, file);
  const isCounted =
    instrument && /^(packages\/[^/]+\/)?src\/.*(?<!spec)\.ts$/.test(name) && !/\/(testing|conformance)\//.test(name);
  const source = isCounted ? instrument(file, name).code : readFileSync(file, 'utf8');
  const cached = join(CACHE, createHash('sha256').update(SALT).update(name).update(source).digest('hex'));
  sourceMaps.set(file, `${cached}.map`);
  try {
    return readFileSync(cached, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
  const { code, map } = transformSync(source, { ...OPTIONS, filename: name, sourceFileName: basename(file) });
  mkdirSync(CACHE, { recursive: true });
  writeWhole(`${cached}.map`, map ?? '');
  writeWhole(cached, code);
  return code;
}

/**
 * Renamed into place, so that no other worker reads half of it.
 *
 * @param {string} file
 * @param {string} text
 */
function writeWhole(file, text) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, text);
  renameSync(part, file);
}
