import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile, REPOSITORY, sourceMaps } from './compile.mjs';
import { PACKAGE_SOURCES } from './packages.mjs';

// Module hooks that let Node import this repository's TypeScript as it is: `./x.js` is found in `./x.ts`, a package of this
// repository in its sources, and both are compiled.

const ROOT = pathToFileURL(`${REPOSITORY}/`).href;
const MODULES = `${ROOT}node_modules/`;
const JEST_GLOBALS = new URL('jest-globals.mjs', import.meta.url).href;
const RELATIVE_JS = /^\.{1,2}\/.*\.js$/;

/** @type {import('node:module').ResolveHookSync} */
export function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: JEST_GLOBALS, shortCircuit: true };
  const source = PACKAGE_SOURCES.get(specifier);
  if (source) return { url: pathToFileURL(source).href, format: 'module', shortCircuit: true };
  if (context.parentURL && RELATIVE_JS.test(specifier) && isOurs(context.parentURL)) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(fileURLToPath(source))) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

/** @type {import('node:module').LoadHookSync} */
export function load(url, context, next) {
  const path = url.split('?', 1)[0] ?? url;
  if (!path.endsWith('.ts') || !isOurs(path)) return next(url, context);
  const file = fileURLToPath(path);
  const source = compile(file);
  // Stack traces name a module by its URL.
  sourceMaps.set(url, sourceMaps.get(file) ?? '');
  return { format: 'module', source, shortCircuit: true };
}

/** @param {string} url */
function isOurs(url) {
  return url.startsWith(ROOT) && !url.startsWith(MODULES);
}
