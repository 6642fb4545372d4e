/** How requests are handled. Times are in ms. */
export interface HttpOptions {
  /** For how long the outcome of a command with an `Idempotency-Key` is kept. Default: 604,800,000 (7 days). */
  readonly idempotencyTtl?: number;
  /**
   * Secrets of at least 32 characters, the same on every node. A hash of the body is stored with an `Idempotency-Key`; it is
   * keyed with the first secret, so that nobody can guess the body from it. Hashes with all others are recognised, so that a new
   * secret can be put before the old one. A function is called once, at the first such request. Default: none, which stores a plain
   * SHA-256: too little where bodies have personal data.
   */
  readonly fingerprintSecrets?: readonly string[] | (() => readonly string[]);
}

/** The options, with every default filled in. */
export type ResolvedHttpOptions = Required<HttpOptions>;

/** The resolved options. */
export const HTTP_OPTIONS = Symbol('leftfold.http-options');

const WEEK = 7 * 24 * 60 * 60 * 1_000;

export function resolveHttpOptions({
  idempotencyTtl = WEEK,
  fingerprintSecrets = [],
}: HttpOptions): ResolvedHttpOptions {
  return { idempotencyTtl, fingerprintSecrets };
}
