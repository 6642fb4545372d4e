import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CHECKOUT } from './checkout.mjs';

// Lets Node run the TypeScript of the benchmark, and of the checkout that it measures: packages are imported from there, by
// name. The benchmark's own folder may be anywhere.

const BENCH = pathToFileURL(`${join(import.meta.dirname, '..')}/`).href;
const ROOT = pathToFileURL(`${CHECKOUT}/`).href;
const MODULES = `${ROOT}node_modules/`;

/** @param {string} file */
const fromCheckout = (file) => import(pathToFileURL(join(CHECKOUT, file)).href);
/** @type {typeof import('../../tools/jest/compile.mjs')} */
const { compile } = await fromCheckout('tools/jest/compile.mjs');
/** @type {typeof import('../../tools/jest/packages.mjs')} */
const { PACKAGE_SOURCES } = await fromCheckout('tools/jest/packages.mjs');

/** @param {string} url */
const isOurs = (url) => url.startsWith(BENCH) || (url.startsWith(ROOT) && !url.startsWith(MODULES));

/** @type {import('node:module').ResolveHookSync} */
function resolve(specifier, context, next) {
  const source = PACKAGE_SOURCES.get(specifier);
  if (source) return { url: pathToFileURL(source).href, format: 'module', shortCircuit: true };
  const parent = context.parentURL;
  if (!parent || !isOurs(parent)) return next(specifier, context);
  if (/^\.{1,2}\/.*\.js$/.test(specifier)) {
    const typescript = new URL(specifier.replace(/\.js$/, '.ts'), parent);
    if (existsSync(fileURLToPath(typescript))) {
      return { url: typescript.href, format: 'module', shortCircuit: true };
    }
  }
  const isBare = !/^(\.{0,2}\/|node:|file:)/.test(specifier);
  return next(specifier, isBare ? { ...context, parentURL: `${ROOT}package.json` } : context);
}

/** @type {import('node:module').LoadHookSync} */
function load(url, context, next) {
  if (!url.endsWith('.ts') || !isOurs(url)) return next(url, context);
  return { format: 'module', source: compile(fileURLToPath(url)), shortCircuit: true };
}

/** From Node 22.15 on. @type {typeof nodeModule.registerHooks | undefined} */
const registerHooks = nodeModule.registerHooks;
if (!registerHooks) throw new Error('The benchmark needs Node.js 22.15 or later.');
registerHooks({ resolve, load });
