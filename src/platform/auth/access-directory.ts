import type { Role } from './role.js';

/** What a person may do, as the log has it. */
export interface KnownAccess {
  readonly roles: readonly Role[];
  /** Version of the user that this is about. */
  readonly version: number;
  /** Raised by everything that ends all sessions. Tokens of another generation are void. */
  readonly generation: number;
  /** Whether the session that began at this version of the user has been ended by itself. */
  hasEnded(session: number): boolean;
}

/** Who may do what now. The feature that owns users provides it, for the whole application. */
export abstract class AccessDirectory {
  /**
   * @param version the answer must know at least this version of the user
   * @returns undefined for a user who is not in this log; an answer may be a second old
   */
  abstract find(userId: string, version: number): Promise<KnownAccess | undefined>;

  /** The same as of now. */
  abstract findNow(userId: string): Promise<KnownAccess | undefined>;

  /** Something changed: what is remembered of the user is void, on this node at once. */
  abstract forget(userId: string): void;
}
