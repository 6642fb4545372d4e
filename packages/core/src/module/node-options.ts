import { type DatabaseTarget, serverUrlOf } from '../databases/database-url.js';
import { SetupError } from '../errors.js';
import { PARTITIONS } from '../event-log/partition.js';
import type { NodeProfile, NodeRole } from '../subscriptions/ranges/this-node.js';

/** How the other nodes and operators know this process. */
export interface NodeOptions {
  /**
   * Name of this node: up to 100 letters, digits, dots, hyphens and underscores. Its id is this name, a slash and a random part,
   * so two nodes with one name can't be mistaken for each other. Default: the name of the machine and the process id.
   */
  readonly name?: string;
  /** What this process does. Default: `api` and `worker`; only `api` if it runs no subscriptions. */
  readonly roles?: readonly NodeRole[];
  /** Version of the program. Default: none is shown. */
  readonly version?: string;
  /**
   * Most partitions of a subscription that this node runs, from 1 to 1024; the other nodes take what is above it. If all
   * nodes have limits and these don't come to 1024, some partitions stay without a node. Only on PostgreSQL. Default: no
   * limit.
   */
  readonly partitions?: number;
}

/** The options of the node, with the defaults filled in. */
export interface ResolvedNode extends NodeProfile {
  readonly name: string | undefined;
}

const NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** @throws SetupError */
export function resolveNode(
  { name, version, partitions, roles }: NodeOptions,
  events: DatabaseTarget,
  runSubscriptions: boolean,
): ResolvedNode {
  if (name !== undefined && !NAME.test(name)) {
    throw new SetupError(
      `node.name is ${JSON.stringify(name.slice(0, 120))}. Give up to 100 letters, digits, dots, hyphens and underscores.`,
    );
  }
  if (partitions !== undefined) checkPartitions(partitions, events);
  return {
    name,
    version: version ?? null,
    limit: partitions,
    roles: roles ?? (runSubscriptions ? ['api', 'worker'] : ['api']),
  };
}

function checkPartitions(partitions: number, events: DatabaseTarget): void {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > PARTITIONS) {
    throw new SetupError(`node.partitions is ${partitions}. Give a whole number from 1 to ${PARTITIONS}.`);
  }
  if (serverUrlOf(events) === undefined) {
    throw new SetupError(
      'node.partitions is set, and the event log is in a SQLite file, where each subscription runs in one process. Leave it out.',
    );
  }
}
