import type { Engine, OpenStore, Target } from '../contract.js';
import type { Part } from './dataset.js';

/** How long and how much, for one run. */
export interface Scale {
  readonly isQuick: boolean;
  /** In ms. Long enough for the engine to compile what a service runs all day. */
  readonly warmUp: number;
  /** In ms. */
  readonly time: number;
  /** Three numbers of events for W11. */
  readonly growth: readonly number[];
}

/** What one run of one contestant measured. */
export interface Figure {
  /** In the unit of the row; more is better for rates, less for times. */
  readonly value: number;
  /** Time of the contestant's process on the processor for each, in microseconds; a database server is not in it. */
  readonly cpu?: number;
  /** Latencies in ms. */
  readonly p50?: number;
  readonly p99?: number;
  /** Largest resident memory of the process, in MB. */
  readonly memory?: number;
}

export type Figures = Readonly<Record<string, Figure>>;

/** A row of the table. */
export interface RowOfTable {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  /** The figure to compare with: a contestant, and a row if it is another one. */
  readonly limit?: { readonly contestant: string; readonly row?: string };
  /** Lowest ratio to the limit. */
  readonly goal?: number;
  /** A goal in words, for what is no ratio, and whether a figure meets it. */
  readonly also?: { readonly words: string; readonly isMet: (figure: Figure) => boolean };
  /** Times are better when they are smaller. */
  readonly isTime?: boolean;
}

export interface Workload {
  readonly id: string;
  readonly rows: readonly RowOfTable[];
  readonly contestants: readonly string[];
  /** Default: both. */
  readonly engines?: readonly Engine[];
  /** What must be in the database before. Workloads with the same name share it. */
  readonly data?: {
    readonly name: string;
    readonly parts: (scale: Scale) => readonly Part[];
    readonly readModels?: boolean;
  };
  /** Whether a run changes the database, so that each needs a copy of its own. */
  readonly writes?: boolean;
  /** Left out unless `--only` names it, because it is long. */
  readonly onlyWhenNamed?: boolean;
  /** Whether it takes part in a check of all results nevertheless, because it is short with small amounts. */
  readonly isInQuick?: boolean;
  /** Whether one round is enough, because nothing in it is a matter of chance or because it is long. */
  readonly isOnce?: boolean;
  /** @throws WrongResultError */
  run(open: OpenStore, target: Target, scale: Scale, contestant: string): Promise<Figures>;
}

/** @param growth sizes for W11; by default those of the table, or small ones for a check of results */
export function scaleOf(isQuick: boolean, growth?: readonly number[]): Scale {
  return isQuick
    ? { isQuick, warmUp: 100, time: 300, growth: growth ?? [1_000, 3_000, 6_000] }
    : { isQuick, warmUp: 3_000, time: 2_000, growth: growth ?? [10_000, 1_000_000, 5_000_000] };
}
