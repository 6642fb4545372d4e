import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Step {
  readonly generator: string;
  /** As the Nest CLI hands them on. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Case {
  /** Files and folders that the project is without, as if they had never been written. */
  readonly without?: readonly string[];
  readonly steps: readonly Step[];
}

export interface Outcome {
  /** What the last step said when it wrote nothing. */
  readonly refusal: string | null;
  /** Names of the files that the last step wrote or changed, in order. */
  readonly written: readonly string[];
  /** Texts of all that any step wrote or changed. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the tutorial adds to a project, and README and reference show: somebody may have it by now. */
export const RETURNS: readonly string[] = ['src/returns', 'test/returns'];

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Runs generators in a process of their own on a copy of this project in memory. */
export async function generate(cases: readonly Case[]): Promise<Outcome[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'run-generators.mjs')],
      { cwd: REPOSITORY, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stderr}`)) : resolve(stdout)),
    );
    child.stdin?.end(JSON.stringify(cases));
  });
  return JSON.parse(output) as Outcome[];
}

/** `nest g command orders/ship-order`, with options as `{ route: true }`. */
export function step(line: string, options: Readonly<Record<string, unknown>> = {}): Step {
  const [generator = '', name] = line.split(' ');
  return { generator, options: { ...(name === undefined ? {} : { name }), ...options } };
}
