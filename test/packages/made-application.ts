import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { nestGenerate } from '../../tools/generators/nest-generate.js';
import { packedPackage } from '../support/packed-packages.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';

const INSTALLED = join(import.meta.dirname, '..', '..', 'node_modules');
const OWN = /^@leftfold\//;
const STEP_LIMIT_MS = 240_000;
const exec = promisify(execFile);

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** An application made by the packed `create-leftfold`, installed without a registry. */
export class MadeApplication {
  private constructor(
    readonly folder: string,
    /** The output of `create-leftfold`. */
    readonly told: string,
  ) {}

  /** Does what `npm create leftfold my-shop -- <options>` does, without a terminal. */
  static async make(...options: readonly string[]): Promise<MadeApplication> {
    const home = await createScratchFolder('create-leftfold');
    const { tarball } = await packedPackage('create-leftfold');
    const npm = ['exec', '--offline', '--yes', `--cache=${join(home, 'cache')}`, `--package=${tarball}`];
    const told = await run(home, [...npm, '--', 'create-leftfold', 'my-shop', ...options]);
    const app = new MadeApplication(join(home, 'my-shop'), told);
    await app.install();
    return app;
  }

  /** The program that `npm start` runs after the build. */
  async program(): Promise<string> {
    const { scripts } = await manifestIn(this.folder);
    if (scripts.prestart !== 'npm run build' || scripts.start !== 'node dist/main.js') {
      throw new Error(`npm start does something else: ${JSON.stringify(scripts)}`);
    }
    return join(this.folder, 'dist', 'main.js');
  }

  /**
   * Runs a script of package.json. Returns its output.
   * @throws Error with the output when it fails
   */
  npm(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return run(this.folder, ['run', script, '--', ...args], env);
  }

  /**
   * Runs `nest g <line>` with the installed generators, in this process, which is faster.
   * @throws Error with what it printed when it fails
   */
  async generate(line: string): Promise<void> {
    const { code, output } = await nestGenerate(this.folder, line);
    if (code !== 0) throw new Error(`nest g ${line} failed:\n${output}`);
  }

  /** Puts `after` where `before` stands for the first time. */
  async edit(path: string, before: string, after: string): Promise<void> {
    const file = join(this.folder, path);
    const text = await readFile(file, 'utf8');
    if (!text.includes(before)) throw new Error(`${path} has no\n${before}\nin:\n${text}`);
    await writeFile(
      file,
      text.replace(before, () => after),
    );
  }

  /** Writes the program that the README of an installed package shows to `src`. Answers what it is once it is built. */
  async writeProgramOf(name: string, file: string): Promise<string> {
    const readme = await readFile(join(this.folder, 'node_modules', name, 'README.md'), 'utf8');
    const [, program] = /A complete `src\/main\.ts`[^]*?```ts\n([^]*?)```/.exec(readme) ?? [];
    if (program === undefined) throw new Error(`The README of ${name} shows no whole src/main.ts.`);
    await writeFile(join(this.folder, 'src', `${file}.ts`), program);
    return join(this.folder, 'dist', `${file}.js`);
  }

  /**
   * Links what package.json lists, and nothing else: what it forgets is not found. What these packages need themselves is beside
   * them. Those of this repository are unpacked, as npm does.
   */
  private async install(): Promise<void> {
    const { dependencies, devDependencies } = await manifestIn(this.folder);
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      if (!OWN.test(name)) await this.link(name);
      else await this.unpack(name);
    }
  }

  private async unpack(name: string): Promise<void> {
    const folder = join(this.folder, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await exec('tar', ['-xzf', (await packedPackage(name)).tarball, '--strip-components=1', '-C', folder]);
    const { dependencies = {} } = await manifestIn(folder);
    for (const each of Object.keys(dependencies)) if (!OWN.test(each)) await this.link(each);
    // A peer of the generators, which npm puts there because the Nest CLI needs it.
    if (name === '@leftfold/schematics') await this.link('@angular-devkit/schematics');
  }

  private async link(name: string): Promise<void> {
    const link = join(this.folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(INSTALLED, name), link, 'junction').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function manifestIn(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Runs npm without the developer's environment. */
async function run(cwd: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { PATH, HOME } = process.env;
  try {
    const { stdout, stderr } = await exec('npm', [...args], {
      cwd,
      env: { PATH, HOME, NO_COLOR: '1', CI: 'true', ...more },
      timeout: STEP_LIMIT_MS,
      maxBuffer: 16 * 1024 * 1024,
      shell: process.platform === 'win32',
    });
    return stripVTControlCharacters(stdout + stderr);
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
  }
}
