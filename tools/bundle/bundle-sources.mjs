import { readFileSync } from 'node:fs';
import { compile, sourceMaps } from '../jest/compile.mjs';
import { PACKAGE_SOURCES } from '../jest/packages.mjs';
import { bundle } from './bundle.mjs';

/**
 * Bundles programs from TypeScript, those of this repository's packages that they import included, so that nothing must be
 * built first. Types are not checked.
 *
 * @param {Readonly<Record<string, string>>} programs the TypeScript file of each program, by the name of the bundle
 * @param {string} outdir has `node_modules` above it
 * @param {{ sourcemap?: boolean }} [options] `sourcemap` writes a source map beside each file
 */
export function bundleSources(programs, outdir, { sourcemap = false } = {}) {
  return bundle(programs, outdir, { plugins: [packageSources, typescript(sourcemap)], sourcemap });
}

/**
 * By swc, because esbuild knows no decorator metadata.
 *
 * @param {boolean} sourcemap
 * @returns {import('esbuild').Plugin}
 */
const typescript = (sourcemap) => ({
  name: 'typescript-with-decorator-metadata',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: compile(path) + (sourcemap ? mapOf(path) : ''),
      loader: 'js',
    }));
  },
});

/** As a comment, which esbuild reads. @param {string} file */
function mapOf(file) {
  const map = readFileSync(/** @type {string} */ (sourceMaps.get(file)));
  return `\n//# sourceMappingURL=data:application/json;base64,${map.toString('base64')}`;
}

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
