import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { describeSkipped } from '../../packages/core/test/support/skipping.js';
import { ADMIN_URL, createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

const REPOSITORY = join(import.meta.dirname, '..', '..');
/** Files of `npm ci`, of a build, of a run, and of Git. */
const NOT_THE_PROJECT = new Set(['.git', 'coverage', 'data', 'dist', 'node_modules']);
const LIMIT_MS = 240_000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `describe` for tests that build a feature in a copy. In a project that already has a feature of that name, for example from
 * the tutorial, they are skipped, and say so.
 */
export function describeWithout(feature: string): jest.Describe {
  if (!existsSync(join(REPOSITORY, 'src', feature))) return describe;
  return describeSkipped(`src/${feature} is there, so tests can't build that feature in a copy of the project.`);
}

/** The project as after `git clone` and `npm ci`, for tests that change, build and run it. */
export class ProjectCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<ProjectCopy> {
    const folder = await createScratchFolder('project');
    await cp(REPOSITORY, folder, {
      recursive: true,
      filter: (path) =>
        !relative(REPOSITORY, path)
          .split(sep)
          .some((part) => NOT_THE_PROJECT.has(part)),
    });
    await linkPackages(folder);
    return new ProjectCopy(folder);
  }

  /** @param files texts by path */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** Runs a script of the project or of its packages, in the folder. */
  node(script: string, ...args: readonly string[]): Promise<Ran> {
    const { PATH, HOME, [ADMIN_URL]: adminUrl } = process.env;
    const env = { PATH, HOME, NO_COLOR: '1', ...(adminUrl === undefined ? {} : { [ADMIN_URL]: adminUrl }) };
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        [script, ...args],
        { cwd: this.folder, env, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          if (error && typeof error.code !== 'number') reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
          else resolve({ code: Number(error?.code ?? 0), stdout: stripVTControlCharacters(stdout), stderr });
        },
      );
    });
  }
}

/** Packages from npm are links to those of this project; the project's own packages are the copy's. */
export async function linkPackages(folder: string): Promise<void> {
  const installed = join(REPOSITORY, 'node_modules');
  const own = join(folder, 'node_modules', '@leftfold');
  await mkdir(own, { recursive: true });
  for (const name of await readdir(installed)) {
    if (name !== '@leftfold') await symlink(join(installed, name), join(folder, 'node_modules', name), 'junction');
  }
  for (const name of await readdir(join(installed, '@leftfold'))) {
    await symlink(join(folder, 'packages', name), join(own, name), 'junction');
  }
}
