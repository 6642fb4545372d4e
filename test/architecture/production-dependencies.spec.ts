import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importedPackages, type Manifest, readManifest, unusedDependencies } from './production-dependencies.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** What is built. */
async function readSources(): Promise<string[]> {
  const texts: string[] = [];
  for await (const path of glob(['src/**/*.ts', 'bin/*.mjs'], { cwd: REPOSITORY })) {
    if (!/spec\.ts$|\/testing\//.test(path)) texts.push(await readFile(join(REPOSITORY, path), 'utf8'));
  }
  return texts;
}

it('every package of production is imported by src, or wanted beside one that is', async () => {
  const sources = await readSources();
  const manifestOf = (name: string): Promise<Manifest> => readManifest(join(REPOSITORY, 'node_modules', name));

  expect(sources.length).toBeGreaterThan(400);
  expect(await unusedDependencies(await readManifest(REPOSITORY), sources, manifestOf)).toEqual([]);
});

it('finds what nothing imports', async () => {
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
