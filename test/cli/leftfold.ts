import { join } from 'node:path';
import { AppProcess, type Exit } from '../support/app-process.js';
import { builtApp } from '../support/built-app.js';
import type { TestDatabase } from '../support/databases.js';

const LIMIT_MS = 60_000;
/** For a test that runs several commands: each loads the whole application. */
export const SEVERAL_COMMANDS = 90_000;

export type Ended = AppProcess & Exit;

/** The command line of the built app, each command in a process of its own. */
export class Leftfold {
  private constructor(private readonly script: string) {}

  /** Within BUILD_TIMEOUT_MS. */
  static async built(): Promise<Leftfold> {
    return new Leftfold(join((await builtApp()).folder, 'bin', 'leftfold.mjs'));
  }

  /** Runs a command to its end. */
  run(on: Where, args: readonly string[], env: Env = {}): Promise<Ended> {
    return AppProcess.run({ script: this.script, args, env: { ...environment(on), ...env }, limitMs: LIMIT_MS });
  }

  /** Starts a command that goes on. */
  start(on: Where, args: readonly string[], env: Env = {}): Promise<AppProcess> {
    return AppProcess.spawn({ script: this.script, args, env: { ...environment(on), ...env } });
  }

  /** Runs a command that must succeed and say nothing beside its answer, which it gives as JSON. */
  async json<T>(on: Where, args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(on, [...args, '--json']);
    if (code !== 0 || stderr !== '') throw new Error(`${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
  }
}

export type Where = Pick<TestDatabase, 'url' | 'viewsUrl'>;
type Env = Readonly<Record<string, string>>;

export function interrupt(process_: AppProcess): Promise<Exit> {
  process.kill(process_.pid, 'SIGINT');
  return process_.exited;
}

/** One sentence on standard error, and nothing on standard output. */
export function expectRefused({ code, stdout, stderr }: Ended, exitCode: 1 | 2, sentence: string | RegExp): void {
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([
    typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
  ]);
}

function environment({ url, viewsUrl }: Where): Env {
  return { DATABASE_URL: url, VIEWS_DATABASE_URL: viewsUrl };
}
