import type { FastifyRequest } from 'fastify';

/** Who may read proofs when they are not public. The application provides it, because only it knows its users. */
export abstract class ProofAccess {
  /**
   * Resolves when the caller may read proofs now, or, with `POST`, hand in signatures of witnesses.
   * @throws ExpectedError, of the kind `unauthenticated` or `forbidden`, when the caller may not
   */
  abstract check(request: FastifyRequest): Promise<void>;
}

/** Whether proofs are readable without a role. Set when the options are known. */
export interface Publicity {
  isPublic: boolean;
}
