import type { Money } from '../../platform/money/money.js';

/** One line of an order, at the price when it was placed. Lines count from 0. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** A line for which stock can be reserved. */
export interface KeptLine {
  readonly sku: string;
  readonly line: number;
}

export function keptLines(lines: readonly OrderLine[]): KeptLine[] {
  return lines.map(({ sku }, line) => ({ sku, line }));
}

/** @param lines at least one, all of one currency */
export function totalOf(lines: readonly OrderLine[]): Money {
  return {
    amount: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0),
    currency: lines[0]!.unitPrice.currency,
  };
}
