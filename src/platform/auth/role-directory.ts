import type { Role } from './role.js';

export interface KnownRoles {
  readonly roles: readonly Role[];
  /** Version of the user at which they had these roles. */
  readonly version: number;
}

/** Who has which roles now. The feature that owns users provides it, for the whole application. */
export abstract class RoleDirectory {
  /** @param minPosition position that the answer must include; what can't be waited for in time is refused */
  abstract find(userId: string, minPosition: number | undefined): Promise<KnownRoles | undefined>;
}
