import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Arguments {
  readonly quick: boolean;
  /** Beginnings of workload ids, such as `W2`; all when empty. */
  readonly only: readonly string[];
  /** Folder of another checkout, whose Leftfold is a contestant beside this one. */
  readonly against: string | undefined;
  readonly engines: readonly string[];
  readonly rounds: number;
  /** Sizes for W11, in ascending order; undefined for those of the table. */
  readonly growth: readonly number[] | undefined;
  readonly seed: number;
  /** Whether contestants that need an installation of their own take part. */
  readonly peers: boolean;
  /** Folder for the databases. */
  readonly folder: string | undefined;
  /** File for the figures as JSON. */
  readonly json: string | undefined;
}

export const USAGE = `npm run bench -- [options]

  --quick               small amounts, one round: a check of the results in under two minutes
  --only W2,W6          these workloads; W6 means all that begin with it
  --against <folder>    Leftfold of another checkout (with node_modules) takes part, too
  --engines sqlite      one engine; default: sqlite,postgres
  --rounds 5            rounds of each contestant
  --growth 10000,1000000,5000000
                        three numbers of events for W11, in ascending order
  --seed 1              seed for the order of the contestants
  --peers               Emmett and message-db take part in W1 to W6, where they have what a workload needs; they are
                        installed in cache folders
  --folder <folder>     where the databases lie for the time of the run; default: the system's temporary folder. In
                        memory (/dev/shm) a commit costs no disk, so that the work of the processor shows
  --json <file>         also writes the figures to a file

BENCH_DATABASE_URL names a PostgreSQL server to use, with a user that may create databases. Without it one is started.`;

/** @throws an error with a message for the user */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      against: { type: 'string' },
      engines: { type: 'string', default: 'sqlite,postgres' },
      rounds: { type: 'string' },
      growth: { type: 'string' },
      seed: { type: 'string', default: '1' },
      peers: { type: 'boolean', default: false },
      folder: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  return {
    quick: values.quick,
    only: listOf(values.only),
    against: values.against === undefined ? undefined : checkoutAt(values.against),
    engines: listOf(values.engines),
    rounds: wholeNumber('--rounds', values.rounds ?? (values.quick ? '1' : '5')),
    growth: values.growth === undefined ? undefined : sizesIn(values.growth),
    seed: wholeNumber('--seed', values.seed),
    peers: values.peers,
    folder: values.folder,
    json: values.json,
  };
}

function listOf(text: string): string[] {
  return text.split(',').filter(Boolean);
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} is "${text}". Give a whole number from 1 on.`);
}

function sizesIn(text: string): number[] {
  const sizes = listOf(text).map((each) => wholeNumber('--growth', each));
  const areRight = sizes.every((size, index) => size % 1_000 === 0 && size > (sizes[index - 1] ?? 0));
  if (areRight && sizes.length === 3) return sizes;
  throw new Error(`--growth is "${text}". Give three multiples of 1,000 in ascending order.`);
}

function checkoutAt(folder: string): string {
  for (const needed of ['packages/core/src/index.ts', 'node_modules']) {
    if (!existsSync(join(folder, needed))) {
      throw new Error(`--against ${folder}: there is no ${needed}. Name a checkout after "npm ci".`);
    }
  }
  return resolve(folder);
}
