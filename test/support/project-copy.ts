import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describeSkipped } from './skipping.js';
import { ADMIN_URL, createScratchFolder } from './test-run.mjs';

const REPOSITORY = join(import.meta.dirname, '..', '..');
/** What `npm ci`, a build, a run or Git puts there. */
const NOT_THE_PROJECT = new Set(['.git', 'coverage', 'data', 'dist', 'node_modules']);
const LIMIT_MS = 240_000;

export interface Ran {
  readonly code: number;
  /** Standard output and errors, in the order in which they came, without colours. */
  readonly output: string;
}

/**
 * `describe` for tests that build a feature in a copy. A project that has got one of that name, as from the tutorial, skips
 * them, and says so.
 */
export function describeWithout(feature: string): jest.Describe {
  if (!existsSync(join(REPOSITORY, 'src', feature))) return describe;
  return describeSkipped(`src/${feature} is there, so tests can't build that feature in a copy of the project.`);
}

/** The project as somebody has it who cloned it and ran `npm ci`: to change, build and run. */
export class ProjectCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<ProjectCopy> {
    const folder = await createScratchFolder('project');
    await cp(REPOSITORY, folder, {
      recursive: true,
      filter: (path) => !NOT_THE_PROJECT.has(relative(REPOSITORY, path).split(sep)[0]!),
    });
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
    return new ProjectCopy(folder);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  /** Puts `after` where `before` stands, once each. */
  async edit(path: string, ...changes: readonly (readonly [before: string, after: string])[]): Promise<void> {
    let text = await this.read(path);
    for (const [before, after] of changes) {
      if (text.split(before).length !== 2) throw new Error(`${path} has not exactly one of:\n${before}\nin:\n${text}`);
      text = text.replace(before, () => after);
    }
    await writeFile(join(this.folder, path), text);
  }

  /** A script of a package, as `npx` would run it. */
  run(script: string, ...args: readonly string[]): Promise<Ran> {
    return this.node(join(REPOSITORY, 'node_modules', script), ...args);
  }

  nest(...args: readonly string[]): Promise<Ran> {
    return this.run('@nestjs/cli/bin/nest.js', ...args);
  }

  /** `npm run typecheck`, which remembers what has not changed since the last time. */
  typecheck(): Promise<Ran> {
    const memory = ['--incremental', '--tsBuildInfoFile', 'types.tsbuildinfo'];
    return this.run('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json', ...memory);
  }

  /** Test files of one project whose path matches. */
  jest(project: string, pattern: string, ...args: readonly string[]): Promise<Ran> {
    const options = ['--selectProjects', project, '--testPathPatterns', pattern, '--ci', ...args];
    return this.node('--experimental-vm-modules', join(REPOSITORY, 'node_modules/jest/bin/jest.js'), ...options);
  }

  private node(...args: readonly string[]): Promise<Ran> {
    const { PATH, HOME, [ADMIN_URL]: adminUrl } = process.env;
    const env = { PATH, HOME, NO_COLOR: '1', ...(adminUrl === undefined ? {} : { [ADMIN_URL]: adminUrl }) };
    return new Promise((resolve, reject) => {
      const child = execFile(
        process.execPath,
        args,
        { cwd: this.folder, env, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 },
        (error) => {
          if (error && typeof error.code !== 'number') reject(new Error(`${error.message}\n${output}`));
          else resolve({ code: Number(error?.code ?? 0), output: stripVTControlCharacters(output) });
        },
      );
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: string) => (output += chunk));
    });
  }
}
