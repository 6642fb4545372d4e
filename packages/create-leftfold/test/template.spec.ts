import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');

interface Manifest {
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly overrides: object;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const manifestIn = async (...folder: string[]): Promise<Manifest> =>
  JSON.parse(await readFile(join(PACKAGE, ...folder, 'package.json'), 'utf8')) as Manifest;

const [own, template, repository] = await Promise.all([manifestIn(), manifestIn('template'), manifestIn('..', '..')]);
const listed = { ...template.dependencies, ...template.devDependencies };

it('has the version and engines of the repository', () => {
  expect(own.version).toBe(repository.version);
  expect([own.engines, template.engines]).toEqual([repository.engines, repository.engines]);
});

it('depends on the ranges that the repository is tested with', () => {
  const ours = {
    ...repository.dependencies,
    ...repository.devDependencies,
    '@leftfold/schematics': repository.version,
  };
  const names = Object.keys(listed);

  expect(names.length).toBeGreaterThan(20);
  expect(listed).toEqual(Object.fromEntries(names.map((name) => [name, ours[name as keyof typeof ours]])));
  expect(template.overrides).toEqual(repository.overrides);
  expect(repository.allowScripts).toMatchObject(template.allowScripts);
});

it.each(['core', 'http'])('has the peer dependencies of @leftfold/%s', async (name) => {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = await manifestIn('..', name);
  const needed = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);

  expect(needed).not.toEqual([]);
  expect(Object.keys(template.dependencies)).toEqual(expect.arrayContaining(needed));
});

it('ends in order on a signal, and on a failover of PostgreSQL', async () => {
  const main = await readFile(join(PACKAGE, 'template', 'src', 'main.ts'), 'utf8');

  expect(main).toMatch(/^stopOnSignals\(app\);$/m);
  expect(main).toMatch(/^stopOnFailover\(app\);$/m);
});
