import { createHash } from 'node:crypto';
import type { Subscription } from '../subscription.js';

/**
 * What the nodes that share a subscription have in common. Programs whose rows would come out differently don't share a
 * read model: one of them runs it, and the other one waits until it is free.
 */
export function sharedAs({ kind, name, version, types }: Subscription): string {
  if (kind !== 'read-model') return name;
  const handled = createHash('sha256').update(JSON.stringify(types)).digest('hex').slice(0, 12);
  return `${name} ${version} ${handled}`;
}
