import { join } from 'node:path';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node/index.js';
import { HostTree } from '@angular-devkit/schematics';
import { SchematicTestRunner, UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { untilExit } from './until-exit.js';

export interface Step {
  readonly generator: string;
  /** As the Nest CLI hands them on. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Outcome {
  /** What the last step said when it wrote nothing. */
  readonly refusal: string | null;
  /** Names of the files that the last step wrote or changed, in order. */
  readonly written: readonly string[];
  /** Texts of all that any step wrote or changed. */
  readonly files: Readonly<Record<string, string>>;
}

const REPOSITORY = join(import.meta.dirname, '..', '..');
let beforeTheTutorial: virtualFs.Host | undefined;
const runner = new SchematicTestRunner('leftfold', join(REPOSITORY, 'packages', 'schematics', 'collection.json'));

/** This project in memory, and what generators write into it. */
export class ProjectInMemory {
  private readonly texts = new Map<string, string>();

  private constructor(private tree: UnitTestTree) {}

  static get(): ProjectInMemory {
    return new ProjectInMemory(new UnitTestTree(new HostTree(onDisk())));
  }

  /** The project as it is before the tutorial, which somebody may have followed. */
  static withoutReturns(): ProjectInMemory {
    beforeTheTutorial ??= without('/src/returns/', '/test/returns/');
    return new ProjectInMemory(new UnitTestTree(new HostTree(beforeTheTutorial)));
  }

  /** Another application. @param files their texts by path */
  static of(files: Readonly<Record<string, string>>): ProjectInMemory {
    const tree = new UnitTestTree(new HostTree());
    for (const [path, text] of Object.entries(files)) tree.create(path, text);
    return new ProjectInMemory(tree);
  }

  /** Texts of all that was generated or edited, by path. */
  get files(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.texts);
  }

  /**
   * Runs a generator as the Nest CLI does. Answers the paths of the files that it wrote or changed, in order.
   * @throws what the generator refuses; then nothing is written
   */
  async generate({ generator, options }: Step): Promise<string[]> {
    this.tree = await untilExit(() => runner.runSchematic(generator, options, this.tree));
    const written = this.tree.actions
      .flatMap(({ kind, path }) => (kind === 'd' ? [] : [path.slice(1)]))
      .filter((path) => this.texts.get(path) !== this.tree.readText(path))
      .toSorted((one, other) => one.localeCompare(other));
    for (const path of written) this.texts.set(path, this.tree.readText(path));
    return written;
  }

  read(path: string): string {
    return this.tree.readText(path);
  }

  /** Takes a file away, which another application may not have. */
  remove(path: string): void {
    this.tree.delete(path);
  }

  /** Adds a file, as the developer does. */
  write(path: string, text: string): void {
    this.tree.create(path, text);
    this.texts.set(path, text);
  }

  /** Puts `after` where `before` stands, once each. */
  edit(path: string, ...changes: readonly (readonly [before: string, after: string])[]): void {
    let text = this.read(path);
    for (const [before, after] of changes) {
      if (text.split(before).length !== 2) throw new Error(`${path} has not exactly one of:\n${before}\nin:\n${text}`);
      text = text.replace(before, () => after);
    }
    this.tree.overwrite(path, text);
    this.texts.set(path, text);
  }
}

/** What comes of some steps in this project. */
export function generate(...steps: readonly Step[]): Promise<Outcome> {
  return generateIn(ProjectInMemory.get(), ...steps);
}

export async function generateIn(project: ProjectInMemory, ...steps: readonly Step[]): Promise<Outcome> {
  let written: string[] = [];
  for (const each of steps) {
    try {
      written = await project.generate(each);
    } catch (error) {
      return { refusal: error instanceof Error ? error.message : String(error), files: project.files, written: [] };
    }
  }
  return { refusal: null, files: project.files, written };
}

/** `nest g command orders/ship-order`, with options as `{ path: 'route' }`. */
export function step(line: string, options: Readonly<Record<string, unknown>> = {}): Step {
  const [generator = '', name] = line.split(' ');
  return { generator, options: { ...(name === undefined ? {} : { name }), ...options } };
}

/** Source and tests but some folders, as if those had never been written. */
function without(...folders: readonly string[]): virtualFs.Host {
  const whole = new HostTree(onDisk());
  const cut = new virtualFs.test.TestHost();
  cut.sync.write(normalize('/package.json'), virtualFs.stringToFileBuffer(whole.readText('package.json')));
  for (const folder of ['src', 'test']) {
    whole.getDir(folder).visit((path) => {
      if (folders.some((each) => path.startsWith(each))) return;
      cut.sync.write(path, virtualFs.stringToFileBuffer(whole.readText(path)));
    });
  }
  return cut;
}

function onDisk(): virtualFs.Host {
  return new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(REPOSITORY));
}
