import { type Command, CommanderError } from 'commander';
import { type AddCommands, type Application, CommandLine } from './command-line.js';
import { explainUsage } from './explain-usage.js';
import type { Invocation, OutputStream } from './invocation.js';
import { UsageError } from './usage.errors.js';

const FAILED = 1;
const WRONG_USE = 2;

/**
 * Runs one command. Returns the exit code: 0; 1 when the command was refused or found something bad; 2 for wrong usage;
 * the shell's code for a signal when one ended the command.
 */
export async function runCommandLine(
  invocation: Invocation,
  program: Command,
  commands: readonly AddCommands[],
  application: Application,
): Promise<number> {
  const cli = new CommandLine(invocation, application);
  for (const add of commands) add(program, cli);
  configure(program, invocation);
  let code: number | undefined;
  try {
    await program.parseAsync(invocation.args, { from: 'user' });
  } catch (error) {
    code = await report(error, cli, application);
  }
  await cli.output.flushed();
  return code ?? cli.exitCode;
}

/** Help goes to the streams of this run. Wrong usage is thrown: Commander would print it and end the process. */
function configure(command: Command, invocation: Invocation): void {
  const { stdout, stderr } = invocation;
  command
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride((error) => {
      // Help has been printed already: on standard output when it was requested.
      if (error.code.startsWith('commander.help')) throw error;
      throw new UsageError(explainUsage(error, command));
    });
  for (const each of command.commands) configure(each, invocation);
}

/** Commander's default without a terminal: 80 columns. */
function widthOf({ isTTY, columns }: OutputStream): number {
  return isTTY && columns ? columns : 80;
}

/** Reports the error. Returns the exit code, or undefined after an interruption, which has its own. */
async function report(
  error: unknown,
  { output, signal }: CommandLine,
  application: Application,
): Promise<number | undefined> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
  if (error instanceof UsageError) {
    output.note(error.message);
    return WRONG_USE;
  }
  if (signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError')) return undefined;
  // Loaded here, because it loads the kernel: help and wrong usage do without it.
  const { explainFailure } = await import('./explain-failure.js');
  output.note(explainFailure(error, await application.explain()));
  return signal.aborted ? undefined : FAILED;
}
