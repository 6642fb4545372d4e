import { createRequire } from 'node:module';
import * as esbuild from 'esbuild';
import { compile } from './compile.mjs';
import { PACKAGE_SOURCES } from './packages.mjs';

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
 * Bundles programs of this repository, because a process that loads one file starts in a third of the time that it takes to
 * load some thousand. Packages that a bundle would break stay outside, so `node_modules` must be above `outdir`.
 *
 * @param {Readonly<Record<string, string>>} programs the TypeScript file of each program, by the name of the bundle
 * @param {string} outdir
 */
export async function bundle(programs, outdir) {
  await esbuild.build({
    entryPoints: programs,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    keepNames: true,
    external: [...OUTSIDE, ...OPTIONAL.filter((name) => !isInstalled(name))],
    logLevel: 'error',
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
    plugins: [packageSources, typescript, requiredHttp, oneTypeorm],
  });
}

/** @type {import('esbuild').Plugin} */
const typescript = {
  name: 'typescript-with-decorator-metadata',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: compile(path), loader: 'js' }));
  },
};

/** Packages of this repository need not be built. @type {import('esbuild').Plugin} */
const packageSources = {
  name: 'package-sources',
  setup: (build) => {
    build.onResolve({ filter: /^@leftfold\// }, ({ path }) => {
      const file = PACKAGE_SOURCES.get(path);
      return file === undefined ? undefined : { path: file };
    });
  },
};

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

/** @param {string} name */
function isInstalled(name) {
  try {
    return require.resolve(name) !== '';
  } catch {
    return false;
  }
}
