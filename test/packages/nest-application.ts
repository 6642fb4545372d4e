import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { type Generated, nestGenerate, runSchematic } from '../../tools/generators/nest-generate.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { installPackages } from './install-packages.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const NEST = join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const TSC = join('node_modules', 'typescript', 'bin', 'tsc');
const STEP_LIMIT_MS = 120_000;

export type ModuleKind = 'esm' | 'cjs';

/** An application made by the Nest CLI, with the packages of this repository installed from their tarballs. */
export class NestApplication {
  private constructor(
    readonly folder: string,
    private readonly kind: ModuleKind,
  ) {}

  /** @param sources the folder whose files go into `src` */
  static async make(kind: ModuleKind, sources: string): Promise<NestApplication> {
    const home = await createScratchFolder('nest-new');
    await symlink(join(REPOSITORY, 'node_modules'), join(home, 'node_modules'), 'junction');
    outputOf(
      await runSchematic(home, '@nestjs/schematics:application', '--name=shop', `--type=${kind}`, '--language=ts'),
    );

    const app = new NestApplication(join(home, 'shop'), kind);
    for (const file of await readdir(sources, { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      await app.write(join('src', file), await readFile(join(sources, file), 'utf8'));
    }
    await app.install();
    return app;
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  /** @param text as an ES module; in a CommonJS application its imports lose their extensions */
  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, this.kind === 'esm' ? text : text.replaceAll(/(from '\.[^']+)\.js'/g, "$1'"));
  }

  /** Replaces `before` by `after`. `before` must occur once. */
  async edit(path: string, ...changes: readonly (readonly [before: string, after: string])[]): Promise<void> {
    let text = await this.read(path);
    for (const [before, after] of changes) {
      if (text.split(before).length !== 2) throw new Error(`${path} has not exactly one of:\n${before}\nin:\n${text}`);
      text = text.replace(before, () => after);
    }
    await this.write(path, text);
  }

  async changeJson(path: string, change: (json: Record<string, Record<string, unknown>>) => void): Promise<void> {
    const json = JSON.parse(await this.read(path)) as Record<string, Record<string, unknown>>;
    change(json);
    await this.write(path, JSON.stringify(json, null, 2));
  }

  /** Runs `nest` in a process, as a developer does. Returns its output. */
  nest(...args: readonly string[]): Promise<string> {
    return this.run(NEST, ...args);
  }

  /** Runs a generator of the installed package in this process, which is faster. Returns its output. */
  async generate(line: string): Promise<string> {
    return outputOf(await nestGenerate(this.folder, line));
  }

  /** Runs a schematic of an installed package in this process. Returns its output. */
  async schematic(name: string, ...options: readonly string[]): Promise<string> {
    return outputOf(await runSchematic(this.folder, name, ...options));
  }

  /** Compiles `src` to `dist`. Returns the compiler's output. */
  compile(): Promise<string> {
    return this.run(TSC, '-p', 'tsconfig.build.json');
  }

  private async run(script: string, ...args: readonly string[]): Promise<string> {
    const { PATH, HOME } = process.env;
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(this.folder, script), ...args], {
        cwd: this.folder,
        env: { PATH, HOME, NO_COLOR: '1' },
        timeout: STEP_LIMIT_MS,
      });
      return stripVTControlCharacters(stdout + stderr);
    } catch (error) {
      const { message, stdout, stderr } = error as Error & { stdout?: string; stderr?: string };
      throw new Error(`${message}\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  /** Other packages are those of this repository; nothing is downloaded. */
  private async install(): Promise<void> {
    const dependencies = await installPackages(this.folder);
    await this.changeJson('package.json', (manifest) => {
      manifest.dependencies = { ...manifest.dependencies, '@leftfold/core': dependencies['@leftfold/core'] };
      manifest.devDependencies = {
        ...manifest.devDependencies,
        '@leftfold/schematics': dependencies['@leftfold/schematics'],
      };
    });
    // Its own test runner is not installed, and is not used.
    await this.changeJson('tsconfig.json', ({ compilerOptions = {} }) => {
      compilerOptions.types = ['node'];
    });
  }
}

function outputOf({ code, output }: Generated): string {
  if (code === 0) return output;
  throw new Error(`The schematic failed:\n${output}`);
}
