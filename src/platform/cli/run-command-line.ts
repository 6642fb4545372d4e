import type { DynamicModule } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { endOnUncaughtFaults, printError } from '../process/report-faults.js';
import { type AddCommands, CommandLine } from './command-line.js';
import { explainUsage } from './explain-usage.js';
import { UsageError } from './usage.errors.js';

const FAILED = 1;
const WRONG_USE = 2;

/**
 * Runs one command and ends the process: with 0, with 1 when it was refused or found something bad, with 2 when it was typed
 * wrongly, and with what shells expect when a signal ended it.
 */
export async function runCommandLine(
  args: readonly string[],
  program: Command,
  commands: readonly AddCommands[],
  loadModule: () => Promise<DynamicModule>,
): Promise<void> {
  endOnUncaughtFaults();
  const cli = new CommandLine(loadModule);
  for (const add of commands) add(program, cli);
  throwUsage(program);
  let code: number | undefined;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = await report(error, cli.signal);
  }
  await cli.output.flushed();
  process.exit(code ?? cli.exitCode);
}

/** Nothing is printed and nobody exits: whoever runs the program does. */
function throwUsage(command: Command): void {
  command.configureOutput({ outputError: () => undefined }).exitOverride((error) => {
    // Help has been printed by now: on standard output when it was asked for.
    if (error.code.startsWith('commander.help')) throw error;
    throw new UsageError(explainUsage(error, command));
  });
  for (const each of command.commands) throwUsage(each);
}

/** Says what went wrong. Answers the exit code; none where an interruption has one. */
async function report(error: unknown, signal: AbortSignal): Promise<number | undefined> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
  if (error instanceof UsageError) {
    printError(error.message);
    return WRONG_USE;
  }
  if (signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError')) return undefined;
  // Loaded here, because it knows the kernel: help and wrong use are answered without that.
  const { printFailure } = await import('./print-failure.js');
  printFailure(error);
  return signal.aborted ? undefined : FAILED;
}
