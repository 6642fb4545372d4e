import { DependencyAwayError } from '@leftfold/core';
import { type CommandLine, CommandRefusedError, count, counted } from '@leftfold/operations/cli';
import { Republication, type Republished } from '../outgoing/republication.js';

interface Options {
  readonly from: number;
  readonly json?: boolean;
  readonly remedy: string;
}

export async function republish(cli: CommandLine, { from, json, remedy }: Options): Promise<void> {
  const published = await cli.open(async (app) => {
    const republication = app.get<Republication | undefined>(Republication, { strict: false });
    if (!republication) throw new CommandRefusedError(`This application publishes to no broker. ${remedy}`);
    const progress = cli.output.progress('positions');
    let reached = from - 1;
    try {
      return await republication.run({
        from,
        signal: cli.signal,
        onProgress: (position, last) => progress.show((reached = position), last),
      });
    } catch (error) {
      const goOn = `Start again with --from ${reached + 1}.`;
      if (error instanceof DependencyAwayError) throw new CommandRefusedError(`${error.message} ${goOn}`);
      if (cli.signal.aborted) cli.output.note(goOn);
      throw error;
    } finally {
      progress.end();
    }
  });
  cli.output.answer(json, published, () => [sentence(published)]);
}

function sentence({ from, to, events }: Republished): string {
  if (to < from) return `Nothing to do: the subscription has published up to position ${count(to)} only.`;
  return `Published ${counted(events, 'event')} again, from position ${count(from)} to ${count(to)}.`;
}
