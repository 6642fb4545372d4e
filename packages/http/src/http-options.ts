/** How requests are handled. Times are in ms. */
export interface HttpOptions {
  /** For how long the outcome of a command with an `Idempotency-Key` is kept. Default: 604,800,000 (7 days). */
  readonly idempotencyTtl?: number;
}

/** The options, with every default filled in. */
export type ResolvedHttpOptions = Required<HttpOptions>;

/** The resolved options. */
export const HTTP_OPTIONS = Symbol('leftfold.http-options');

const WEEK = 7 * 24 * 60 * 60 * 1_000;

export function resolveHttpOptions({ idempotencyTtl = WEEK }: HttpOptions): ResolvedHttpOptions {
  return { idempotencyTtl };
}
