import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseTarget, NoEventLogError } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import type { CommandLine } from '../../cli/command-line.js';

/**
 * Opens the log for work that only reads it. A log that is not there yet is the same as an empty one: the work gets such a
 * log, in a temporary folder that is removed afterwards.
 */
export async function openForDryRun<T>(
  cli: CommandLine,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  try {
    return await cli.open(work);
  } catch (error) {
    if (!(error instanceof NoEventLogError)) throw error;
    cli.output.note(`${error.message} An empty one in a temporary folder stands for it.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'leftfold-dry-run-'));
  const at = (name: string): DatabaseTarget => ({ kind: 'sqlite', path: join(folder, name) });
  try {
    return await cli.open(work, { mayCreateLog: true, log: at('events.sqlite'), views: at('views.sqlite') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
