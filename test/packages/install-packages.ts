import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packedPackages } from '../support/packed-packages.js';

const INSTALLED = join(import.meta.dirname, '..', '..', 'node_modules');

/**
 * Fills `node_modules` of an application: the packages of this repository from their tarballs, others as links to installed
 * ones. Nothing is downloaded.
 * @returns the dependency of package.json for each package of this repository
 */
export async function installPackages(folder: string): Promise<Readonly<Record<string, string>>> {
  const target = join(folder, 'node_modules');
  await mkdir(target);
  for (const name of await readdir(INSTALLED)) {
    if (name === '@leftfold' || name === '.package-lock.json') continue;
    await symlink(join(INSTALLED, name), join(target, name), 'junction');
  }
  const dependencies: Record<string, string> = {};
  for (const { name, tarball } of await packedPackages()) {
    dependencies[name] = `file:${tarball}`;
    await mkdir(join(target, name), { recursive: true });
    await promisify(execFile)('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(target, name)]);
  }
  return dependencies;
}
