import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** What a node does: it answers requests, or it runs subscriptions. */
export type NodeRole = 'api' | 'worker';

/** What the other nodes and operators get to know of a process. */
export interface NodeProfile {
  readonly roles: readonly NodeRole[];
  /** Version of its program; null if the program does not tell. */
  readonly version: string | null;
  /** Most partitions of a subscription that it runs; undefined for no limit. */
  readonly limit: number | undefined;
}

/**
 * This process among those that share the databases. Its id is in the leases, so no two processes ever have the same one:
 * not when two are given one name, and not when one starts again while its predecessor is only frozen.
 */
export class ThisNode {
  readonly id: string;

  constructor(
    /** The name that it was given; undefined for one that is made up. */
    private readonly name: string | undefined,
    readonly profile: NodeProfile,
  ) {
    const random = randomBytes(4).toString('hex');
    this.id = name === undefined ? `${hostname()}/${process.pid}/${random}` : `${name}/${random}`;
  }

  /** Whether another process was given the same name. */
  isNamesake(id: string): boolean {
    return this.name !== undefined && id !== this.id && id.startsWith(`${this.name}/`);
  }
}
