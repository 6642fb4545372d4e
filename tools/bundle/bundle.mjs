import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

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
    plugins: [...plugins, requiredHttp, oneTypeorm, namedExports],
  });
}

/**
 * An `import` of `http` reads all of its exports, and one of them loads the whole of `undici`: a fifth of a start.
 *
 * @type {import('esbuild').Plugin}
 */
const requiredHttp = {
  name: 'required-http',
  setup: (build) => {
    const namespace = 'required';
    build.onResolve({ filter: /^(node:)?http$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace } : undefined,
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
 * A CommonJS package that a program imports with `import()` gets the named exports that Node finds in it. esbuild alone gives
 * such a file of its own only `default`, and `class-transformer` would have no functions.
 *
 * @type {import('esbuild').Plugin}
 */
const namedExports = {
  name: 'named-exports',
  setup: (build) => {
    const namespace = 'named-exports';
    build.onResolve({ filter: /^[^.]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === namespace) return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: namespace });
      if (found.errors.length > 0 || found.external || found.namespace !== 'file') return found;
      const exported = await import(pathToFileURL(found.path).href);
      // Node keeps the CommonJS modules that it has loaded, and no others, here.
      if (!(found.path in require.cache)) return found;
      const names = Object.keys(exported).filter((name) => !['default', 'module.exports'].includes(name));
      return { path: found.path, namespace, pluginData: names };
    });
    build.onLoad({ filter: /.*/, namespace }, ({ path, pluginData: names }) => ({
      contents: [
        `const all = require(${JSON.stringify(path)});`,
        `export default all;`,
        `export const { ${names.join(', ')} } = all;`,
      ].join('\n'),
      resolveDir: dirname(path),
    }));
  },
};

/** @param {string} name */
function isInstalled(name) {
  try {
    return require.resolve(name) !== '';
  } catch {
    return false;
  }
}
