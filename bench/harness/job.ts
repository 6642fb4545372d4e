import type { Target } from '../contract.js';
import type { Figures } from '../workloads/workload.js';

/** What a contestant's process does. */
export interface Job {
  readonly phase: 'fill' | 'run';
  readonly contestant: string;
  readonly workload: string;
  readonly target: Target;
  readonly isQuick: boolean;
  /** Sizes for W11. */
  readonly growth?: readonly number[] | undefined;
}

/** What it sends back. `wrong`: the result is wrong; `error`: it could not be measured. */
export interface Outcome {
  readonly figures?: Figures;
  readonly wrong?: string;
  readonly error?: string;
}
