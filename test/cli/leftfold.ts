import { join } from 'node:path';
import { Writable } from 'node:stream';
import { leftfold } from '../../src/leftfold.js';
import { Interruption } from '../../packages/operations/src/cli/interruption.js';
import type { Environment } from '../../src/platform/config/variables.js';
import { AppProcess } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import type { TestDatabase } from '../support/databases.js';
import { PERSONAL_DATA_KEY } from '../support/test-app.js';

export type Where = Pick<TestDatabase, 'url' | 'viewsUrl'>;
type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const OPENED = 'Opened ';
const running = new Set<RunningCommand>();

/** A command that runs in this process. */
export class RunningCommand {
  stdout = '';
  /** Without the line that says which log was opened. */
  stderr = '';
  opened = '';
  readonly ended: Promise<Ended>;
  private readonly interruption = new Interruption();
  private interruptAt: RegExp | undefined;

  constructor(args: readonly string[], env: Environment) {
    running.add(this);
    this.ended = this.run(args, env);
  }

  /** Runs to its end. Answers the line that says which log was opened, too. */
  async whole(): Promise<Ended & { readonly opened: string }> {
    return { ...(await this.ended), opened: this.opened };
  }

  /** Sends the signal that Ctrl-C and `kill` send. */
  interrupt(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<Ended> {
    this.interruption.bySignal(signal);
    return this.ended;
  }

  /** Interrupts the command as soon as standard error matches. */
  interruptOnceItSays(pattern: RegExp): Promise<Ended> {
    this.interruptAt = pattern;
    return this.ended;
  }

  private async run(args: readonly string[], env: Environment): Promise<Ended> {
    const stdout = collect((text) => (this.stdout += text));
    const stderr = collect((text) => {
      if (text.startsWith(OPENED)) this.opened += text;
      else this.stderr += text;
      if (this.interruptAt?.test(this.stderr)) void this.interrupt();
    });
    const code = await leftfold({ args, env, stdout, stderr, interruption: this.interruption });
    running.delete(this);
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Starts a command that keeps running. */
export function start(on: Where, line: string, env: Variables = {}): RunningCommand {
  return new RunningCommand(wordsOf(line), { NODE_ENV: 'development', ...environment(on), ...env });
}

/** Runs a command to its end. */
export function run(on: Where, line: string, env: Variables = {}): Promise<Ended> {
  return start(on, line, env).ended;
}

/** Runs a command that must succeed and print only its answer. Returns the answer, parsed from JSON. */
export async function json<T>(on: Where, line: string): Promise<T> {
  const { code, stdout, stderr } = await run(on, `${line} --json`);
  if (code !== 0 || stderr !== '') throw new Error(`${line} ended with ${code}:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

/** For `afterEach`: a failed test must not leave a command running. */
export async function interruptLeftovers(): Promise<void> {
  await Promise.all([...running].map((command) => command.interrupt()));
}

/** Starts a command of the built app in a separate process. */
export async function startProcess(on: Where, line: string): Promise<AppProcess> {
  const script = join((await builtApp()).folder, 'bin', 'leftfold.mjs');
  return AppProcess.spawn({ script, args: wordsOf(line), env: environment(on) });
}

/** Runs a command of the built app in a separate process. */
export async function runProcess(on: Where, line: string): Promise<Ended> {
  const process = await startProcess(on, line);
  const { code } = await process.exited;
  return { code, stdout: process.stdout, stderr: withoutOpened(process.stderr) };
}

export function withoutOpened(stderr: string): string {
  return stderr.replace(/^Opened .*\n/, '');
}

/** Expects one sentence on standard error, and nothing on standard output. */
export function expectRefused({ code, stdout, stderr }: Ended, sentence: string | RegExp, exitCode: 1 | 2 = 1): void {
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([
    typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
  ]);
}

/** No cell contains a space. */
function wordsOf(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

function environment({ url, viewsUrl }: Where): Variables {
  return { DATABASE_URL: url, VIEWS_DATABASE_URL: viewsUrl, PERSONAL_DATA_KEY };
}

function collect(take: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      take(String(chunk));
      done();
    },
  });
}
