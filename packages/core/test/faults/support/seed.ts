import { seededRandom } from '../../../src/testing/random.js';

export interface Seed {
  readonly seed: number;
  /** From 0 to 1. */
  random(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** Describes in one line what the test did, and the seed that repeats it. */
  print(what: string): void;
}

/** How often a test repeats a fault: `FAULTS_ROUNDS` sets a longer run. */
export function roundsOf(usual: number): number {
  const { FAULTS_ROUNDS } = process.env;
  if (FAULTS_ROUNDS === undefined) return usual;
  if (!/^[1-9]\d{0,3}$/.test(FAULTS_ROUNDS)) {
    throw new Error(`FAULTS_ROUNDS is ${JSON.stringify(FAULTS_ROUNDS)}; set it to a number from 1 to 9999.`);
  }
  return Number(FAULTS_ROUNDS);
}

/** The random numbers of one test: from `FAULTS_SEED` if it is set, otherwise from a new seed. */
export function seedOf(name: string): Seed {
  const { FAULTS_SEED } = process.env;
  if (FAULTS_SEED !== undefined && !/^\d{1,10}$/.test(FAULTS_SEED)) {
    throw new Error(`FAULTS_SEED is ${JSON.stringify(FAULTS_SEED)}; set it to the number that a test printed.`);
  }
  const seed = FAULTS_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FAULTS_SEED);
  const random = seededRandom(seed);
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  return {
    seed,
    random,
    between,
    pick: (list) => list[between(0, list.length - 1)]!,
    print: (what) => console.log(`${name}: ${what} (FAULTS_SEED=${seed})`),
  };
}
