import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LONG_LIMIT_MS, onceARun } from '../../packages/core/test/support/once-a-run.js';
import { linkPackages } from './project-copy.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
/** The sources of packages; the application is part of `create-leftfold`. */
const SOURCES = ['package.json', 'tsconfig.json', 'packages', join('tools', 'packages'), 'src', 'bin', '.env.example'];
const NOT_SOURCES = /[\\/](?:dist|node_modules)$/;
const RESULTS = 'packed.json';

export interface PackedPackage {
  readonly name: string;
  /** The file that `npm publish` would upload. */
  readonly tarball: string;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

/** The result of `npm pack` for every package of this repository, built from scratch, once per Jest run. */
export async function packedPackages(): Promise<readonly PackedPackage[]> {
  const folder = await onceARun('packages', pack, LONG_LIMIT_MS);
  const packed = JSON.parse(await readFile(join(folder, RESULTS), 'utf8')) as NpmPack;
  return packed.map(({ name, filename, files }) => ({
    name,
    tarball: join(folder, filename),
    files: files.map(({ path }) => path),
  }));
}

export async function packedPackage(name: string): Promise<PackedPackage> {
  const packed = await packedPackages();
  const found = packed.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`There is no package ${name}. There are ${packed.map((each) => each.name).join(', ')}.`);
}

/** The output of `npm pack --json`. */
type NpmPack = readonly {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}[];

async function pack(folder: string): Promise<void> {
  for (const part of SOURCES) {
    await cp(join(REPOSITORY, part), join(folder, part), {
      recursive: true,
      filter: (path) => !NOT_SOURCES.test(path),
    });
  }
  await linkPackages(folder);
  const { stdout } = await promisify(execFile)('npm', ['pack', '--workspaces', '--json'], {
    cwd: folder,
    maxBuffer: 16 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  await writeFile(join(folder, RESULTS), stdout);
}
