import type { ObjectLiteral } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { columnName, keyName, type RandomEntity } from './random-entity.js';
import type { Rows } from './rows-by-hand.js';

/** What is done to one row. Values are places in the lists of the entity's kinds. */
export interface Change {
  readonly what: 'set' | 'add' | 'clear' | 'remove' | 'change without saving';
  /** For each column of the key: which key, and in which spelling. */
  readonly key: readonly (readonly [key: number, spelling: number])[];
  readonly column: number;
  readonly value: number;
}

@DomainEvent('any-rows.rows-changed')
export class RowsChanged {
  declare readonly type: 'any-rows.rows-changed';
  constructor(readonly changes: readonly Change[]) {}
}

const WHATS = ['set', 'set', 'set', 'add', 'add', 'clear', 'remove', 'change without saving'] as const;
const LONGEST_SUM = 12;

export function randomChange({ keys, columns }: RandomEntity, random: () => number): Change {
  const below = (end: number): number => Math.floor(random() * end);
  const column = below(columns.length);
  return {
    what: WHATS[below(WHATS.length)]!,
    key: keys.map((kind) => {
      const key = below(kind.keys!.length);
      return [key, below(kind.keys![key]!.length)];
    }),
    column,
    value: below(columns[column]!.values.length),
  };
}

export function keyOf({ keys }: RandomEntity, { key }: Change): ObjectLiteral {
  return Object.fromEntries(key.map(([at, spelling], index) => [keyName(index), keys[index]!.keys![at]![spelling]]));
}

/** A projection as people write it. Asks for all of its rows at once, and answers what it was given. */
export async function project(rows: Rows, random: RandomEntity, { changes }: RowsChanged): Promise<unknown[]> {
  const found = await Promise.all(changes.map((change) => rows.get(keyOf(random, change))));
  const seen = found.map((row) => (row ? { ...row } : null));
  for (const [index, change] of changes.entries()) {
    if (change.what === 'remove') await rows.remove(keyOf(random, change));
    else await changeRow(rows, random, change, found[index] ?? undefined);
  }
  return seen;
}

async function changeRow(
  rows: Rows,
  random: RandomEntity,
  change: Change,
  found: ObjectLiteral | undefined,
): Promise<void> {
  const row = found ?? Object.assign(new random.entity(), keyOf(random, change));
  const column = columnName(change.column);
  const value = random.columns[change.column]!.values[change.value];
  if (change.what === 'clear') row[column] = null;
  else row[column] = change.what === 'add' ? sum(row[column], value) : value;
  if (change.what !== 'change without saving') await rows.save(row);
}

/** Adds as `+=` does: what is text becomes longer. */
function sum(before: unknown, value: unknown): unknown {
  if (typeof before === 'number' && typeof value === 'number' && Math.abs(before + value) < 1e4) return before + value;
  if (typeof before !== 'string' || before.length > LONGEST_SUM || !/^\d+$/.test(before)) return value;
  return before + '1';
}
