import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Ran {
  readonly code: number;
  readonly output: string;
  /** What broke off the shell, when something did. */
  readonly problem: string;
}

export interface TourShellOptions {
  /** Where its commands run. */
  readonly cwd: string;
  /** Where it keeps the blocks and what they print. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether errors count as output, as on the screen of a terminal. Otherwise they are only told when a block fails. */
  readonly isTerminal?: boolean;
  readonly limitMs: number;
}

/** One Bash that runs block after block, so that variables and functions last. A block that fails ends it. */
export class TourShell {
  private readonly bash: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<number>;
  private said = '';
  private heard: () => void = () => undefined;
  private blocks = 0;

  constructor(private readonly options: TourShellOptions) {
    const { cwd, env } = options;
    this.bash = spawn('bash', ['--noprofile', '--norc'], { cwd, env: { ...env }, stdio: 'pipe' });
    this.bash.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.said += chunk;
      this.heard();
    });
    this.ended = new Promise((resolve, reject) => {
      this.bash.once('error', reject);
      this.bash.once('close', (code) => resolve(code ?? 1));
    });
    // Nobody reads any more once it has ended; `ended` tells that.
    this.bash.stdin.on('error', () => undefined);
    this.write('set -uo pipefail');
    if (!options.isTerminal) this.write(`trap 'echo "failed: $BASH_COMMAND" >&2' ERR`);
  }

  /** @param mayFail goes on after a failure; answers its code all the same */
  async run(commands: string, mayFail = false): Promise<Ran> {
    const block = join(this.options.folder, String(this.blocks++));
    await writeFile(`${block}.sh`, commands.endsWith('\n') ? commands : `${commands}\n`);
    const done = `done ${this.blocks} `;
    const errors = this.options.isTerminal ? '2>&1' : `2> '${block}.err'`;
    this.write(`set ${mayFail ? '+e' : '-e'}`);
    this.write(`. '${block}.sh' < /dev/null > '${block}.out' ${errors}`);
    this.write(`echo "${done}$?"`);
    const code = await this.codeAfter(done);
    const [output, problem] = await Promise.all([readIfThere(`${block}.out`), readIfThere(`${block}.err`)]);
    return { code, output, problem };
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.bash.stdin.end();
    await this.ended;
  }

  private write(line: string): void {
    this.bash.stdin.write(`${line}\n`);
  }

  private async codeAfter(done: string): Promise<number> {
    const answered = new Promise<number>((resolve) => {
      this.heard = () => {
        const code = new RegExp(`^${done}(\\d+)$`, 'm').exec(this.said)?.[1];
        if (code !== undefined) resolve(Number(code));
      };
    });
    const limit = setTimeout(() => this.bash.kill('SIGKILL'), this.options.limitMs);
    try {
      return await Promise.race([answered, this.ended]);
    } finally {
      clearTimeout(limit);
    }
  }
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
