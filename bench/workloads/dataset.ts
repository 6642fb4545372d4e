import { randomUUID } from 'node:crypto';
import type { KeyedBy, NewEntry, Payment, Row } from '../contract.js';

/** A log to read: streams of equal length, whose events are interleaved. */
export interface Part {
  readonly streams: number;
  readonly events: number;
}

export const PRODUCTS = 5_000;
export const NOTE = 'A payment by card, confirmed by the bank of the customer; '.repeat(2).slice(0, 70);
/** In ms since 1970. */
export const START = Date.UTC(2026, 0, 1);

/** Id of the account with this number, from 0. */
export function accountId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The event at a version (from 1) of an account: the same in every run. */
export function payment(account: number, version: number, id = accountId(account)): Payment {
  return {
    accountId: id,
    productId: `product-${(account * 31 + version * 17) % PRODUCTS}`,
    country: `country-${(account + version) % 50}`,
    month: (version % 24) + 1,
    amount: amountOf(account, version),
    bookedAt: new Date(START + version * 60_000 + account).toISOString(),
    note: NOTE,
  };
}

export function entry(account: number, version: number, id?: string): NewEntry {
  const data = payment(account, version, id);
  return {
    stream: `account-${data.accountId}`,
    expected: version - 1,
    data,
    metadata: { actor: `user-${account % 500}`, correlationId: randomUUID(), causationId: randomUUID() },
  };
}

/** The entries of a part in the order of the log, about 1,000 at a time: a stream's entries follow one another. */
export function* batches({ streams, events }: Part, firstAccount = 0): Generator<NewEntry[]> {
  for (let from = 0; from < streams; from += 1_000) {
    const size = Math.min(1_000, streams - from);
    const depth = Math.max(1, Math.floor(1_000 / size));
    for (let version = 1; version <= events; version += depth) {
      const versions = Array.from({ length: Math.min(depth, events - version + 1) }, (_, index) => version + index);
      yield Array.from({ length: size }, (_, index) => firstAccount + from + index).flatMap((account) =>
        versions.map((each) => entry(account, each)),
      );
    }
  }
}

export function keyOf(data: Payment, by: KeyedBy): string {
  if (by === 'stream') return data.accountId;
  return by === 'field' ? data.productId : `${data.country}/${data.month}`;
}

/** The rows that a read model of these events must have, by key. */
export function expectedRows(part: Part, by: KeyedBy): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (let version = 1; version <= part.events; version++) {
    for (let account = 0; account < part.streams; account++) {
      const data = payment(account, version);
      const key = keyOf(data, by);
      const row = rows.get(key);
      rows.set(key, {
        key,
        events: (row?.events ?? 0) + 1,
        total: (row?.total ?? 0) + data.amount,
        last: data.bookedAt,
      });
    }
  }
  return rows;
}

/** Sum of the amounts of an account's first events. */
export function totalOf(account: number, events: number): number {
  let total = 0;
  for (let version = 1; version <= events; version++) total += amountOf(account, version);
  return total;
}

function amountOf(account: number, version: number): number {
  return ((account * 7 + version * 13) % 100) + 1;
}
