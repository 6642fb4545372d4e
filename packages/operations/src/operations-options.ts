/** What operators are shown, and whom metrics are shown to. */
export interface OperationsOptions {
  /** A read model that lags further behind makes the process not ready, in events. Default: 10,000. */
  readonly readyLagLimit?: number;
  /** Opens `GET /metrics` beyond this machine, as a bearer token. Default: none, and it is closed there. */
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
