import type { Store, StoredEntry } from '../contract.js';
import { WrongResultError } from '../contract.js';
import { checkLog } from './check-log.js';
import { entry } from './dataset.js';

/** Two streams with three events each, in turns. */
const LOG: StoredEntry[] = [1, 2, 3]
  .flatMap((version) => [0, 1].map((account) => ({ ...entry(account, version), version })))
  .map((each, index) => ({ ...each, position: index + 1 }));

function storeOf(entries: readonly StoredEntry[]): Store {
  return {
    async *replay() {
      yield entries.slice(0, 2);
      yield entries.slice(2);
    },
  } as Partial<Store> as Store;
}

it('adds up the amounts of a log that is whole', async () => {
  const sum = LOG.reduce((total, { data }) => total + data.amount, 0);

  await expect(checkLog(storeOf(LOG), 6)).resolves.toBe(sum);
});

it.each([
  ['an event that was acknowledged is missing', LOG.slice(0, -1)],
  ['a position is missing', LOG.with(5, { ...LOG[5]!, position: 7 })],
  ['a position is read twice', [...LOG, LOG[5]!]],
  ['a version is missing', LOG.with(4, { ...LOG[4]!, version: 4 })],
  ['two versions are in the wrong order', LOG.with(2, { ...LOG[2]!, version: 3 }).with(4, { ...LOG[4]!, version: 2 })],
  ['the metadata is lost', LOG.with(1, { ...LOG[1]!, metadata: { actor: '', correlationId: '', causationId: '' } })],
])('is a wrong result when %s', async (_, entries) => {
  await expect(checkLog(storeOf(entries), 6)).rejects.toBeInstanceOf(WrongResultError);
});

it('says that a store with loose positions gave an event twice', async () => {
  const store: Store = { ...storeOf([...LOG, LOG[5]!]), hasLoosePositions: true };

  await expect(checkLog(store, 6)).rejects.toThrow(/^version 3 of account-.* is read again$/);
});
