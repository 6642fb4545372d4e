import { type Store, WrongResultError } from '../contract.js';

/**
 * Reads everything that is stored, as any reader would: all events are there, positions have no holes, and each stream's
 * versions are in order.
 * @returns the sum of all amounts
 * @throws WrongResultError
 */
export async function checkLog(store: Store, acknowledged: number): Promise<number> {
  const versions = new Map<string, number>();
  let [read, position, sum] = [0, 0, 0];
  for await (const batch of store.replay()) {
    for (const each of batch) {
      read++;
      position++;
      if (each.position !== position) throw new WrongResultError(`position ${each.position} follows ${position - 1}`);
      const version = (versions.get(each.stream) ?? 0) + 1;
      if (each.version !== version) {
        throw new WrongResultError(`version ${each.version} of ${each.stream} follows ${version - 1}`);
      }
      versions.set(each.stream, version);
      if (each.metadata.correlationId.length !== 36) throw new WrongResultError(`no correlation id at ${position}`);
      sum += each.data.amount;
    }
  }
  if (read !== acknowledged) throw new WrongResultError(`${read} of ${acknowledged} events were read`);
  return sum;
}
