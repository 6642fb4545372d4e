import { execute } from '../../databases/execute.js';
import type { SubscriptionRow } from './subscription-row.js';
import type { SubscriptionDeclaration, SubscriptionStates } from './subscription-states.js';

/**
 * Stores which types of events the subscriptions of this program handle, beside those of other versions. A process of an
 * earlier version reads them there: it must not pass over an event that it does not know.
 *
 * A process does this before its first command. If there is a new type, the current owner loses its lease in the same
 * transaction, so that it can't pass over the first event of that type with what it knew before.
 */
export async function declareTypes(
  states: SubscriptionStates,
  declarations: readonly SubscriptionDeclaration[],
): Promise<void> {
  const all = await states.list();
  if (all.some(({ owner, freeFor }) => owner === null && freeFor === null)) await states.stampFree();
  const rows = new Map(all.map((row) => [row.name, row]));
  for (const each of declarations) {
    const row = rows.get(each.name);
    if (row && isIncomplete(row, each)) await declare(states, each);
  }
}

function isIncomplete({ declaredTypes }: SubscriptionRow, { types }: SubscriptionDeclaration): boolean {
  return declaredTypes === undefined || types.some((type) => !declaredTypes.includes(type));
}

async function declare(states: SubscriptionStates, { name, types }: SubscriptionDeclaration): Promise<void> {
  await states.transaction(async (manager) => {
    // The ranges are locked before the row of state, as everywhere.
    await states.ranges?.lock(manager, name);
    const row = await states.lockAlone(manager, name);
    if (!row) return;
    const before = row.declaredTypes ?? row.types ?? types;
    const all = [...new Set([...before, ...types])].toSorted();
    await execute(manager.queryRunner!, `update ${states.table} set declared_types = ? where name = ?`, [
      JSON.stringify(all),
      name,
    ]);
    if (all.length > before.length) await states.revoke(manager, name);
  });
}
