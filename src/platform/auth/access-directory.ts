import type { Role } from './role.js';

/** What a user may do, from the log. */
export interface KnownAccess {
  readonly roles: readonly Role[];
  /** Version of the user at which this was read. */
  readonly version: number;
  /** Raised by everything that ends all sessions. Tokens of an earlier generation are void. */
  readonly generation: number;
  /** Whether the session that began at this version of the user was ended individually. */
  hasEnded(session: number): boolean;
}

/** Looks up what a user may do now. The feature that owns users provides it for the whole application. */
export abstract class AccessDirectory {
  /**
   * @param version the answer must include at least this version of the user
   * @returns undefined for a user who is not in this log; the answer may be a second old
   */
  abstract find(userId: string, version: number): Promise<KnownAccess | undefined>;

  /** Like `of`, but from the log itself, so that the answer is current. */
  abstract findNow(userId: string): Promise<KnownAccess | undefined>;

  /** The user's access changed: the cached answer is dropped, on this node at once. */
  abstract forget(userId: string): void;
}
