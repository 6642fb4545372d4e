/** Which metrics and readiness limits apply, and who may read metrics. */
export interface OperationsOptions {
  /** A read model that is more than this many events behind makes the process not ready. Default: 10,000. */
  readonly readyLagLimit?: number;
  /** Bearer token that opens `GET /metrics` beyond this machine. Default: none, so only this machine can read it. */
  readonly metricsToken?: string;
}

/** The options, with every default filled in. */
export interface ResolvedOperationsOptions {
  readonly readyLagLimit: number;
  readonly metricsToken: string | undefined;
}

/** The resolved options. */
export const OPERATIONS_OPTIONS = Symbol('leftfold.operations-options');

export function resolveOperationsOptions({
  readyLagLimit = 10_000,
  metricsToken,
}: OperationsOptions): ResolvedOperationsOptions {
  return { readyLagLimit, metricsToken };
}
