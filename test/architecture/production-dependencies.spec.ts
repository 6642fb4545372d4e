import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importedPackages, type Manifest, readManifest, unusedDependencies } from './production-dependencies.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The compiled sources of the application, or of a package. */
async function readSources(folder: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const path of glob(['src/**/*.ts', 'bin/*.mjs'], { cwd: folder })) {
    if (!/spec\.ts$|\/testing\//.test(path)) texts.push(await readFile(join(folder, path), 'utf8'));
  }
  return texts;
}

it.each([
  ['', 200],
  ['packages/core', 200],
  ['packages/http', 40],
  ['packages/operations', 60],
  ['packages/nats', 10],
  ['packages/proofs', 30],
])('every dependency of ./%s is imported there, or is a peer dependency of one that is', async (part, least) => {
  const folder = join(REPOSITORY, part);
  const sources = await readSources(folder);
  const manifestOf = (name: string): Promise<Manifest> => readManifest(join(REPOSITORY, 'node_modules', name));

  expect(sources.length).toBeGreaterThan(least);
  expect(await unusedDependencies(await readManifest(folder), sources, manifestOf)).toEqual([]);
});

it('finds an unused dependency', async () => {
  const sources = [
    `import { a } from '@scope/a/deep.js';\nimport type { B } from 'only-types';\nimport './c.js';`,
    `const d = await import('dynamic');\nimport 'for-effect';`,
  ];
  const dependencies = Object.fromEntries(
    ['@scope/a', 'only-types', 'dynamic', 'for-effect', 'peer', 'dead'].map((name) => [name, '1']),
  );
  const manifestOf = async (name: string): Promise<Manifest> =>
    name === '@scope/a' ? { peerDependencies: { peer: '1' } } : {};

  expect([...importedPackages(sources)].toSorted()).toEqual(['@scope/a', 'dynamic', 'for-effect', 'only-types']);
  expect(await unusedDependencies({ dependencies }, sources, manifestOf)).toEqual(['dead']);
});
