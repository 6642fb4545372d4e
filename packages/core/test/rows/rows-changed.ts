import type { ObjectLiteral } from 'typeorm';
import { DomainEvent } from '../../src/index.js';
import { columnOf, keyWith, type RandomEntity, setColumn } from './random-entity.js';
import type { Rows } from './rows-by-hand.js';

/** For each column of a key: which key, and in which spelling. */
type ChosenKey = readonly (readonly [key: number, spelling: number])[];

/** A change of one row. Values are indexes into the lists of the entity's kinds. */
export interface Change {
  readonly what: 'set' | 'add' | 'clear' | 'remove' | 'change without saving' | 'swap';
  readonly key: ChosenKey;
  /** The row with which it swaps its unique value. */
  readonly other: ChosenKey;
  readonly column: number;
  readonly value: number;
  /** A unique value that no other change uses. */
  readonly once: number;
}

@DomainEvent('any-rows.rows-changed')
export class RowsChanged {
  declare readonly type: 'any-rows.rows-changed';
  constructor(readonly changes: readonly Change[]) {}
}

const WHATS = ['set', 'set', 'set', 'add', 'add', 'clear', 'remove', 'change without saving'] as const;
const LONGEST_SUM = 12;

/** @param once a number that no other change uses */
export function randomChange(random: RandomEntity, choose: () => number, once: number): Change {
  const { keys, columns, hasUnique } = random;
  const below = (end: number): number => Math.floor(choose() * end);
  const anyKey = (): ChosenKey =>
    keys.map((kind) => {
      const key = below(kind.keys!.length);
      return [key, below(kind.keys![key]!.length)];
    });
  const column = below(columns.length);
  return {
    what: hasUnique && choose() < 0.4 ? 'swap' : WHATS[below(WHATS.length)]!,
    key: anyKey(),
    other: anyKey(),
    column,
    value: below(columns[column]!.values.length),
    once,
  };
}

/** A typical projection. Requests all of its rows at once, and returns them. */
export async function project(rows: Rows, random: RandomEntity, { changes }: RowsChanged): Promise<unknown[]> {
  const found = await Promise.all(changes.map(({ key }) => rows.get(keyOf(random, key))));
  const seen = found.map((row) => (row ? structuredClone({ ...row }) : null));
  for (const [index, change] of changes.entries()) {
    // The previous change may have moved the row's unique value to another row.
    const row = random.hasUnique ? await rows.get(keyOf(random, change.key)) : found[index];
    if (change.what === 'remove') await rows.remove(keyOf(random, change.key));
    else if (change.what === 'swap') await swap(rows, random, change, row ?? undefined);
    else await changeRow(rows, random, change, row ?? undefined);
  }
  return seen;
}

function keyOf(random: RandomEntity, key: ChosenKey): ObjectLiteral {
  return keyWith(
    random,
    key.map(([at, spelling], index) => random.keys[index]!.keys![at]![spelling]),
  );
}

async function changeRow(
  rows: Rows,
  random: RandomEntity,
  change: Change,
  found: ObjectLiteral | undefined,
): Promise<void> {
  const row = found ?? newRow(random, change.key, change.once);
  const value = random.columns[change.column]!.values[change.value];
  if (change.what === 'clear') setColumn(random, row, change.column, null);
  else {
    const before = columnOf(random, row, change.column);
    setColumn(random, row, change.column, change.what === 'add' ? sum(before, value) : value);
  }
  if (change.what !== 'change without saving') await rows.save(row);
}

/** Swaps unique values through an unused third value, so that no single statement has the same value twice. */
async function swap(
  rows: Rows,
  random: RandomEntity,
  { key, other, once }: Change,
  found: ObjectLiteral | undefined,
): Promise<void> {
  if (!found || key.every(([at], index) => at === other[index]![0])) return;
  const before = found.once as number;
  const partner = await rows.get(keyOf(random, other));
  const after = (partner?.once ?? once) as number;
  if (partner) await rows.save(Object.assign(partner, { once }));
  await rows.save(Object.assign(found, { once: after }));
  await rows.save(partner ? Object.assign(partner, { once: before }) : newRow(random, other, before));
}

function newRow(random: RandomEntity, key: ChosenKey, once: number): ObjectLiteral {
  return Object.assign(new random.entity(), keyOf(random, key), random.hasUnique ? { once } : {});
}

/** Adds like `+=`: a string becomes longer. */
function sum(before: unknown, value: unknown): unknown {
  if (typeof before === 'number' && typeof value === 'number' && Math.abs(before + value) < 1e4) return before + value;
  if (typeof before !== 'string' || before.length > LONGEST_SUM || !/^\d+$/.test(before)) return value;
  return before + '1';
}
