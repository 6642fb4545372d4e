import { bundle } from '../bundle/bundle.mjs';
import { compile } from './compile.mjs';
import { PACKAGE_SOURCES } from './packages.mjs';

/**
 * Bundles programs for tests from TypeScript, so that nothing must be built first.
 *
 * @param {Readonly<Record<string, string>>} programs the TypeScript file of each program, by the name of the bundle
 * @param {string} outdir has `node_modules` above it
 */
export function bundleSources(programs, outdir) {
  return bundle(programs, outdir, { plugins: [packageSources, typescript] });
}

/** By swc, because esbuild knows no decorator metadata. @type {import('esbuild').Plugin} */
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
