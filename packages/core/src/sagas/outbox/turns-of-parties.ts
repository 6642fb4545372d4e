import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';

/**
 * How far each command moves its party's next one back, in ms. A party that emits at most fifty a second is never moved
 * back.
 */
const SLOT = 20;

interface LastTurn {
  readonly party: string;
  readonly last: number | string | null;
  readonly now: number | string;
}

/**
 * Assigns turns so that the commands of one party don't delay those of other parties. Each party has a virtual clock
 * that every command advances. A party without commands in the outbox starts at the current time, so its first command
 * is ahead of the later commands of a busy party. Source: start-time fair queueing (Goyal, Vin, Cheng, 1996), with
 * equal weights.
 */
export async function turnsOfParties(
  manager: EntityManager,
  parties: readonly string[],
): Promise<(party: string) => number> {
  const { now, jsonTexts } = dialectOf(manager);
  const { rows } = await execute<LastTurn>(
    manager.queryRunner!,
    `select p.value as party, (select max(c.turn) from leftfold_saga_commands c where c.party = p.value) as last,
            ${now} as now
       from ${jsonTexts} p`,
    [JSON.stringify([...new Set(parties)])],
  );
  const next = new Map(rows.map(({ party, last, now }) => [party, Math.max(Number(last ?? 0) + SLOT, Number(now))]));
  return (party) => {
    const turn = next.get(party)!;
    next.set(party, turn + SLOT);
    return turn;
  };
}
