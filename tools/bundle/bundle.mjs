import { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { deferred } from './deferred.mjs';
import { usedDrivers } from './used-drivers.mjs';

/** Native packages, and those that read files of their own or start workers from them. */
const OUTSIDE = ['better-sqlite3', '@node-rs/argon2', 'pino', 'pino-pretty', 'swagger-ui-dist', 'reflect-metadata'];

/** Nest, its Fastify adapter and pg ask for these, and go without those that are not installed. */
const OPTIONAL = [
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  '@fastify/multipart',
  '@fastify/view',
  'pg-native',
];

const require = createRequire(import.meta.url);

/**
 * Bundles programs of this repository, because a process that loads a few files starts in half the time that it takes to
 * load some thousand. Packages that a bundle would break stay outside, so `node_modules` must be above `outdir`. What a
 * program imports with `import()` is in a file of its own, and is read when it is used.
 *
 * @param {Readonly<Record<string, string>>} programs the file of each program, by the name of the bundle
 * @param {string} outdir
 * @param {{ plugins?: import('esbuild').Plugin[], sourcemap?: boolean }} [options] `plugins` decide before those of this
 *   file; `sourcemap` writes a source map beside each file
 */
export async function bundle(programs, outdir, { plugins = [], sourcemap = false } = {}) {
  await esbuild.build({
    entryPoints: programs,
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    keepNames: true,
    // Packages are what `node_modules` has; tsconfig.json would name their sources.
    tsconfigRaw: {},
    external: [...OUTSIDE, ...OPTIONAL.filter((name) => !isInstalled(name))],
    logLevel: 'error',
    sourcemap,
    sourcesContent: false,
    // Half the text is half the time to read it.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    // CommonJS packages in the bundle use these.
    banner: {
      js: [
        `import 'reflect-metadata';`,
        `import { createRequire as createRequireForBundle } from 'node:module';`,
        `const require = createRequireForBundle(import.meta.url);`,
        `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
      ].join('\n'),
    },
    plugins: [...plugins, requiredBuiltins, deferred, usedDrivers, oneTypeorm, namedExports],
  });
}

/**
 * An `import` of a module of Node touches all of its exports, and some of them load a lot: `http` the whole of `undici`,
 * `crypto` the Web Crypto API. A `require` loads what is used.
 *
 * @type {import('esbuild').Plugin}
 */
const requiredBuiltins = {
  name: 'required-builtins',
  setup: (build) => {
    const namespace = 'required';
    build.onResolve({ filter: /^(node:)?[\w/]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  },
};

/**
 * `@nestjs/typeorm` requires TypeORM once more, for two classes that older versions had: that loads it beside the bundle.
 *
 * @type {import('esbuild').Plugin}
 */
const oneTypeorm = {
  name: 'one-typeorm',
  setup: (build) => {
    build.onLoad({ filter: /@nestjs.typeorm.dist.common.typeorm-compat\.js$/ }, () => ({
      contents: 'export const Connection = undefined, AbstractRepository = undefined;',
    }));
  },
};

/**
 * A CommonJS package gets a module around it with the named exports that Node finds in it. esbuild alone gives a file of its
 * own, for `import()`, only `default`, and `class-transformer` would have no functions. For an `import` it copies all
 * exports once for each file that imports the package: RxJS for 50.
 *
 * @type {import('esbuild').Plugin}
 */
const namedExports = {
  name: 'named-exports',
  setup: (build) => {
    const namespace = 'named-exports';
    build.onResolve({ filter: /^[^.]/ }, async ({ path, kind, importer, resolveDir, pluginData, namespace: from }) => {
      if (!['dynamic-import', 'import-statement'].includes(kind) || pluginData === namespace || from === namespace)
        return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: namespace });
      if (found.errors.length > 0 || found.external || found.namespace !== 'file') return found;
      const names = await exportsOfCommonJs(found.path);
      return names ? { path: found.path, namespace, pluginData: names } : found;
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path, pluginData }) => {
      /** @type {string[]} */
      const names = pluginData;
      return {
        contents: [
          `const all = require(${JSON.stringify(path)});`,
          `export default all;`,
          ...names.map((name, index) => `const export${index} = all.${name};`),
          `export { ${names.map((name, index) => `export${index} as ${name}`).join(', ')} };`,
        ].join('\n'),
        resolveDir: dirname(path),
      };
    });
  },
};

/**
 * The named exports that Node finds in a CommonJS module; undefined for another module.
 *
 * @param {string} path
 */
async function exportsOfCommonJs(path) {
  if (!/\.[cm]?js$/.test(path)) return undefined;
  const exported = await import(pathToFileURL(path).href);
  // Node keeps the CommonJS modules that it has loaded, and no others, here.
  if (!(path in require.cache)) return undefined;
  return Object.keys(exported).filter((name) => !['default', 'module.exports'].includes(name));
}

/** @param {string} name */
function isInstalled(name) {
  try {
    return require.resolve(name) !== '';
  } catch {
    return false;
  }
}
