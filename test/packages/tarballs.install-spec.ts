import { LONG_LIMIT_MS } from '../../packages/core/test/support/once-a-run.js';
import { packedPackage, packedPackages } from '../support/packed-packages.js';
import { Tarball } from './tarball.js';

/** The files that a package must have beside its code. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  '@leftfold/core': [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/testing/index.js',
    'dist/testing/index.d.ts',
    'dist/conformance/index.js',
    'dist/conformance/index.d.ts',
    // Runs as a separate process, so no file imports it.
    'dist/operations/backup/vacuum-program.js',
    'schematics/collection.json',
  ],
  '@leftfold/http': ['dist/index.js', 'dist/index.d.ts', 'dist/testing/index.js'],
  '@leftfold/operations': ['dist/index.js', 'dist/index.d.ts', 'dist/cli/index.js'],
  '@leftfold/nats': ['dist/index.js', 'dist/index.d.ts', 'dist/cli/index.js'],
  '@leftfold/proofs': ['dist/index.js', 'dist/index.d.ts', 'dist/cli/index.js'],
  'create-leftfold': ['bin/create-leftfold.js', 'template/src/main.ts', 'dist/shop/src/app.module.ts'],
  '@leftfold/schematics': [
    'collection.json',
    'feature/files/src/__at__/__at__.module.ts.template',
    'upgrade/before-packages/exports.json',
    'upgrade/before-packages/layout.json',
    'upgrade/before-packages/released.txt',
    'upgrade/files/configure-app.ts.template',
  ],
};

describe('npm pack', () => {
  let core: Tarball;

  beforeAll(async () => {
    core = await tarballOf('@leftfold/core');
  }, LONG_LIMIT_MS + 10_000);

  it('packs every package that an application installs', async () => {
    const packed = await packedPackages();

    expect(packed.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(NEEDED)));
  });

  it('puts the needed files into each package, and no others', async () => {
    for (const { name } of await packedPackages()) {
      const tarball = await tarballOf(name);

      expect([name, tarball.unneeded()]).toEqual([name, []]);
      expect([name, tarball.wrongImports()]).toEqual([name, []]);
      expect([name, tarball.brokenLinks()]).toEqual([name, []]);
      expect(tarball.paths).toEqual(
        expect.arrayContaining(['LICENSE', 'README.md', 'package.json', ...(NEEDED[name] ?? [])]),
      );
    }
  });

  it('makes packages without findings of publint and "are the types wrong"', async () => {
    for (const { name } of await packedPackages()) {
      const tarball = await tarballOf(name);

      expect([name, await tarball.lint()]).toEqual([name, []]);
      expect([name, await tarball.typeProblems()]).toEqual([name, []]);
    }
  });

  it.each([
    'dist/order.spec.js',
    'dist/databases/private-files.int-spec.d.ts',
    'dist/index.js.map',
    'dist/.tsbuildinfo',
    'src/index.ts',
    'test/leases.js',
  ])('finds %s, which must not be included', (path) => {
    expect(core.with(path, '').unneeded()).toEqual([path]);
  });

  it.each([
    ["import { x } from './gone.js';", 'dist/index.js imports ./gone.js'],
    ["import fastify from 'fastify';", 'dist/index.js imports fastify'],
  ])('finds in %s an import that can’t be resolved after installation', (line, finding) => {
    expect(core.with('dist/index.js', line).wrongImports()).toEqual([finding]);
  });

  it('finds a link of the README to a file that is not in the package', () => {
    const text = '[a](src/audit/README.md), [b](LICENSE), [c](#set-up), [d](https://nestjs.com), [e](./docs/x.md#y)';

    expect(core.with('README.md', text).brokenLinks()).toEqual(['src/audit/README.md', './docs/x.md#y']);
  });

  it('finds an entry point without its file, or without its types', async () => {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/gone.js' } };

    await expect(core.withManifest({ exports }).lint()).resolves.toEqual([expect.stringContaining('gone.js')]);
    await expect(core.with('dist/index.d.ts', undefined).typeProblems()).resolves.toContain('UntypedResolution .');
  });

  async function tarballOf(name: string): Promise<Tarball> {
    return Tarball.read((await packedPackage(name)).tarball);
  }
});
