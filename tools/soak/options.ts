import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** How long faults and load go on, in minutes. The checks come after it. */
  readonly minutes: number;
  readonly nodes: number;
  /** Of the random numbers. The same seed chooses the same faults; what they hit depends on timing. */
  readonly seed: number;
}

export const HELP = `Usage: npm run soak -- [--minutes 10] [--nodes 3] [--seed <number>]

Starts PostgreSQL and several nodes of the application. Users register, order, pay, cancel and let orders expire over HTTP, while nodes are
killed, frozen and restarted, connections are cut, and PostgreSQL crashes. What got no answer is repeated with its key on another node. Then it
checks that nothing was lost or done twice.

  --minutes   how long the load and the faults go on; fractions are allowed
  --nodes     1 to 9
  --seed      repeats the choices of an earlier run

Set SOAK_DATABASE_URL to use a PostgreSQL that runs already; the database must be empty, and the server is not restarted.`;

/** @throws Error with a sentence for the person who started it */
export function readOptions(args: readonly string[]): SoakOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      nodes: { type: 'string', default: '3' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    minutes: number('minutes', values.minutes, { least: 0.1, most: 1_440, whole: false }),
    nodes: number('nodes', values.nodes, { least: 1, most: 9, whole: true }),
    seed: number('seed', values.seed, { least: 0, most: 2 ** 31, whole: true }),
  };
}

function number(name: string, text: string, range: { least: number; most: number; whole: boolean }): number {
  const { least, most, whole } = range;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new Error(
    `--${name} is ${JSON.stringify(text)}; give a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
  );
}
