import { v7 as uuidv7 } from 'uuid';
import { PARTITIONS, partitionOf } from '../../src/event-log/partition.js';

/**
 * Ids of counters, one in each of as many equal parts of the partitions. Nodes divide these, and among a few random ids
 * there may be none for one of the nodes.
 */
export function spreadIds(count: number): string[] {
  const ids = new Map<number, string>();
  while (ids.size < count) {
    const id = uuidv7();
    ids.set(Math.floor((partitionOf(`counter-${id}`) * count) / PARTITIONS), id);
  }
  return [...ids.values()];
}
