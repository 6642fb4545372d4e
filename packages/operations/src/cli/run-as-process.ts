import { endOnUncaughtFaults } from './uncaught-faults.js';
import { Interruption } from './interruption.js';
import type { Invocation } from './invocation.js';

const CLOSED_OUTPUT = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);
/** How long an interrupted command may take to end cleanly, in ms. `docker stop` waits for 10 s. */
const LIMIT = 9_500;

/** Runs a program with the arguments and streams of this process, and ends the process with its exit code. */
export async function runAsProcess(program: (invocation: Invocation) => Promise<number>): Promise<void> {
  endOnUncaughtFaults();
  const { stdout, stderr } = process;
  const interruption = new Interruption();
  interruptBySignals(interruption);
  interruptByClosedOutput(interruption, [stdout, stderr]);
  process.exit(await program({ args: process.argv.slice(2), stdout, stderr, interruption }));
}

/** A second signal ends the process at once. */
function interruptBySignals(interruption: Interruption): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interruption.exitCode) process.exit(interruption.exitCode);
      interruption.bySignal(signal);
    });
  }
  interruption.signal.addEventListener('abort', () => {
    setTimeout(() => process.exit(interruption.exitCode), LIMIT).unref();
  });
}

function interruptByClosedOutput(interruption: Interruption, outputs: readonly NodeJS.WriteStream[]): void {
  for (const output of outputs) {
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (!CLOSED_OUTPUT.has(error.code ?? '')) throw error;
      interruption.byClosedOutput();
    });
  }
}
