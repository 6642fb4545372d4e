import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { type Origin, SetupError } from '@leftfold/core';
import { canonicalJson } from './canonical-json.js';

/** Fields that are not compared when a key is reused: they must not be stored, not even as a hash. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['password', 'currentPassword', 'newPassword', 'token']);
/** Fewest characters of a secret. */
const SHORTEST_SECRET = 32;
const KEY_SIZE = 32;

/** What a fingerprint is made of. */
export interface Content {
  readonly body: unknown;
  /** Compared only where there is one. */
  readonly query: unknown;
}

/** Hashes of what a repeated request must have in common with the first. */
export class Fingerprints {
  private keys: readonly Buffer[] | undefined;

  /** @param secrets see `fingerprintSecrets` of the options */
  constructor(private readonly secrets: readonly string[] | (() => readonly string[])) {}

  /**
   * The hash to store, and all others under which the same content may be stored: with the secrets of before, and the plain
   * SHA-256 of version 0.1.0.
   */
  of(content: Content): Required<Pick<Origin, 'fingerprint' | 'earlierFingerprints'>> {
    const digest = digestOf(content);
    this.keys ??= keysFrom(typeof this.secrets === 'function' ? this.secrets() : this.secrets);
    const keyed = this.keys.map((key) => createHmac('sha256', key).update(digest).digest('base64url'));
    const known = [...keyed, digest.toString('base64url')];
    return { fingerprint: known[0]!, earlierFingerprints: known.slice(1) };
  }
}

function digestOf({ body, query }: Content): Buffer {
  const hash = createHash('sha256').update(canonicalJson(body ?? null, SECRET_FIELDS));
  if (Object.keys(query as object).length > 0) hash.update(`\n?${canonicalJson(query)}`);
  return hash.digest();
}

/** Keys of their own, so that a secret can serve other purposes, too. */
function keysFrom(secrets: readonly string[]): readonly Buffer[] {
  if (secrets.some((each) => each.length < SHORTEST_SECRET)) {
    throw new SetupError(`A secret of fingerprintSecrets has fewer than ${SHORTEST_SECRET} characters.`);
  }
  return secrets.map((each) =>
    Buffer.from(hkdfSync('sha256', each, Buffer.alloc(0), 'leftfold request fingerprint', KEY_SIZE)),
  );
}
