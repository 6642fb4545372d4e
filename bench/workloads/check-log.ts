import { type Store, WrongResultError } from '../contract.js';

/**
 * Reads everything that is stored, as any reader would: all events are there, positions have no holes, unless the store says
 * otherwise, and each stream's versions are in order.
 * @returns the sum of all amounts
 * @throws WrongResultError
 */
export async function checkLog(store: Store, acknowledged: number): Promise<number> {
  const versions = new Map<string, number>();
  let [read, position, sum] = [0, 0, 0];
  for await (const batch of store.replay()) {
    for (const each of batch) {
      read++;
      const isNext = store.hasLoosePositions || each.position === position + 1;
      if (!isNext) throw new WrongResultError(`position ${each.position} follows ${position}`);
      ({ position } = each);
      const version = (versions.get(each.stream) ?? 0) + 1;
      if (each.version !== version) {
        const how = each.version < version ? 'is read again' : `follows ${version - 1}`;
        throw new WrongResultError(`version ${each.version} of ${each.stream} ${how}`);
      }
      versions.set(each.stream, version);
      if (each.metadata.correlationId.length !== 36) throw new WrongResultError(`no correlation id at ${position}`);
      sum += each.data.amount;
    }
  }
  if (read !== acknowledged) throw new WrongResultError(`${read} of ${acknowledged} events were read`);
  return sum;
}
