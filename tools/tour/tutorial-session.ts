import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { freePort } from '../../packages/core/test/support/free-port.mjs';
import { comparable } from './expected-output.js';
import { StartedApp } from './started-app.js';
import { ADDRESS_IN_README, TERMINAL } from './tour-session.js';
import { type Ran, TourShell } from './tour-shell.js';
import type { Change, TutorialStep } from './tutorial.js';

const LIMIT_MS = 280_000;

/** What a command did: how it ended, and what it printed. */
export type Did = Pick<Ran, 'code' | 'output'>;

export interface TutorialOptions {
  /** A copy of the project. */
  readonly folder: string;
  /** An empty folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * For a line that begins with `npm` or `npx`: does the same in less time, or names commands that do. Undefined leaves the line
   * as it is.
   */
  readonly shortcut: (line: string) => Promise<Did> | string | undefined;
}

/** A reader who follows a tutorial: a copy of the project, a terminal, and another one in which the app runs. */
export class TutorialSession {
  private app: StartedApp | undefined;

  private constructor(
    private readonly options: TutorialOptions,
    private readonly shell: TourShell,
    private readonly env: NodeJS.ProcessEnv,
    private readonly url: string,
  ) {}

  static async begin(options: TutorialOptions): Promise<TutorialSession> {
    const { folder, home } = options;
    const port = await freePort();
    const env = { ...TERMINAL, PATH: process.env.PATH, HOME: home, PORT: String(port), ...options.env };
    const shell = new TourShell({ cwd: folder, folder: home, env, isTerminal: true, limitMs: LIMIT_MS });
    return new TutorialSession(options, shell, env, `http://127.0.0.1:${port}`);
  }

  /** Does what the step says. Answers what it printed and what the tutorial says that it prints, for a comparison. */
  async follow(step: TutorialStep): Promise<{ actual: unknown; expected: unknown }> {
    switch (step.kind) {
      case 'run':
        return this.run(step);
      case 'start':
        return { actual: await this.start(step), expected: 'listens' };
      case 'write':
        await this.write(step.path, step.text);
        break;
      case 'change':
        await this.change(step.path, step.changes);
        break;
    }
    return { actual: 'done', expected: 'done' };
  }

  async end(): Promise<void> {
    await this.app?.stop();
    await this.shell.close();
  }

  private async run({ commands, fails, expected }: Extract<TutorialStep, { kind: 'run' }>) {
    const { code, output } = await this.runEach(commands.replaceAll(ADDRESS_IN_README, this.url), fails);
    if (fails && code === 0) throw new Error(`This was to fail, and did not:\n${output}`);
    if (!fails && code !== 0) throw new Error(`This failed (${code}):\n${output}`);
    const shown = output.replaceAll(this.url, ADDRESS_IN_README);
    return expected ? comparable(expected, shown) : { actual: 'ran', expected: 'ran' };
  }

  private async runEach(commands: string, fails: boolean): Promise<Did> {
    const lines = commands.trimEnd().split('\n');
    if (!lines.every((line) => /^np[mx] /.test(line))) return this.shell.run(commands, fails);
    let output = '';
    for (const line of lines) {
      const instead = this.options.shortcut(line) ?? line;
      const did = await (typeof instead === 'string' ? this.shell.run(instead, fails) : instead);
      output += did.output;
      if (did.code !== 0) return { code: did.code, output };
    }
    return { code: 0, output };
  }

  private async start({ commands, again }: Extract<TutorialStep, { kind: 'start' }>): Promise<string> {
    const running = this.app !== undefined;
    if (running !== again) {
      throw new Error(running ? 'The app runs: say that Ctrl+C stops it.' : 'There is no app that Ctrl+C could stop.');
    }
    await this.app?.stop();
    const instead = this.options.shortcut('npm start');
    // In a shell, as npm does it, so that variables in front count for all of the script.
    const shorter = typeof instead === 'string' ? commands.replace(/\bnpm start$/m, `bash -c '${instead}'`) : commands;
    this.app = await StartedApp.start(shorter, this.options.folder, this.env, this.url);
    return 'listens';
  }

  private async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.options.folder, path)), { recursive: true });
    await writeFile(join(this.options.folder, path), text);
  }

  private async change(path: string, changes: readonly Change[]): Promise<void> {
    const file = await this.fileNamed(path);
    const text = await readFile(file, 'utf8');
    await writeFile(file, changes.reduce(changed, `\n${text}`).slice(1));
  }

  /** A `*` stands for what the reader sees, such as the time at which something was generated. */
  private async fileNamed(path: string): Promise<string> {
    const folder = join(this.options.folder, dirname(path));
    const [start = '', ...rest] = basename(path).split('*');
    if (rest.length === 0) return join(folder, start);
    const found = (await readdir(folder)).filter((name) => name.startsWith(start) && name.endsWith(rest.join('*')));
    if (found.length !== 1) throw new Error(`${path} fits ${found.length} files: ${found.join(', ')}`);
    return join(folder, found[0]!);
  }
}

/** @param text begins with a line break, so that a change fits whole lines alone */
export function changed(text: string, [before, after]: Change): string {
  const lineBreaks = [...text.matchAll(/\n/g)];
  const places = lineBreaks.filter(({ index }) => text.startsWith(before, index + 1)).length;
  if (places === 1) return text.replace(`\n${before}`, () => `\n${after}`);
  throw new Error(`These lines stand there ${places} times, not once:\n${before}\nin:\n${text}`);
}
