import { type DatabaseTarget, EventLog, markCopy, parseDatabaseUrl, publicUrl, ReadModelCopies } from '@leftfold/core';
import { resolve } from 'node:path';
import type { CommandLine } from '../../cli/command-line.js';
import { UsageError } from '../../cli/usage.errors.js';

export interface CopyArguments {
  readonly until?: number | Date;
  readonly into: string;
  readonly json?: boolean;
}

export async function copyReadModel(cli: CommandLine, name: string, options: CopyArguments): Promise<void> {
  const { until, into, json } = options;
  const views = targetOf(into);
  // Before the database of the copy is touched.
  await cli.open(async (app) => app.get(ReadModelCopies).check(name));
  await markCopy(views, name);
  const answer = await cli.open(
    async (app) => {
      const log = app.get(EventLog);
      const position = until instanceof Date ? await log.positionAt(until) : (until ?? (await log.head()));
      const progress = cli.output.progress('positions');
      try {
        const tables = await app.get(ReadModelCopies).fill(name, {
          until: position,
          signal: cli.signal,
          onProgress: (reached, of) => progress.show(reached, of),
        });
        return { name, position, database: publicUrl(views), tables };
      } finally {
        progress.end();
      }
    },
    { views },
  );
  cli.output.answer(json, answer, () => [
    `${name} was copied as of position ${answer.position}, to ${answer.database}`,
    `Its rows are in ${answer.tables.join(', ')}. Other tables there are empty, and say nothing.`,
  ]);
}

function targetOf(text: string): DatabaseTarget {
  try {
    return parseDatabaseUrl(/^[a-z]+:/.test(text) ? text : `sqlite:${resolve(text)}`);
  } catch (error) {
    throw new UsageError(`--into ${(error as Error).message}`);
  }
}
