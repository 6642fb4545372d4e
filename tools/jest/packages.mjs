import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './compile.mjs';

/**
 * The source of each entry point of this repository's packages, by the name that importers use. Programs that compile on the
 * fly read these; a built application reads what is built. tsconfig.json is the one place that lists them.
 *
 * @type {ReadonlyMap<string, string>}
 */
export const PACKAGE_SOURCES = new Map(
  Object.entries(pathsOfTsconfig()).map(([name, [file = '']]) => [name, join(REPOSITORY, file)]),
);

/** @returns {Record<string, string[]>} */
function pathsOfTsconfig() {
  return JSON.parse(readFileSync(join(REPOSITORY, 'tsconfig.json'), 'utf8')).compilerOptions.paths;
}
