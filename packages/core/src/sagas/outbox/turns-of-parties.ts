import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import { NOW_IN_MS } from '../../databases/now.js';

/**
 * How far a command moves the next one of its party back behind those of others, in ms. A party that emits fifty a second
 * or fewer is not moved back at all.
 */
const SLOT = 20;

interface LastTurn {
  readonly party: string;
  readonly last: number | string | null;
  readonly now: number | string;
}

/**
 * Hands out turns so that nobody's commands hold up those of others: each party has a clock of its own, which every command
 * moves on. A party that has nothing in the outbox begins at the time now, so its first command is ahead of what a busy party
 * has still to come. Source: start-time fair queueing (Goyal, Vin, Cheng, 1996), with one weight for all.
 */
export async function turnsOfParties(
  manager: EntityManager,
  parties: readonly string[],
): Promise<(party: string) => number> {
  const postgres = manager.dataSource.options.type === 'postgres';
  const elements = postgres ? 'json_array_elements_text(cast(? as json))' : 'json_each(?)';
  const { rows } = await execute<LastTurn>(
    manager.queryRunner!,
    `select p.value as party, (select max(c.turn) from leftfold_saga_commands c where c.party = p.value) as last,
            ${NOW_IN_MS[postgres ? 'postgres' : 'sqlite']} as now
       from ${elements} p`,
    [JSON.stringify([...new Set(parties)])],
  );
  const next = new Map(rows.map(({ party, last, now }) => [party, Math.max(Number(last ?? 0) + SLOT, Number(now))]));
  return (party) => {
    const turn = next.get(party)!;
    next.set(party, turn + SLOT);
    return turn;
  };
}
