import { CHUNK, decodePlaces, encodePlaces, KEYS } from './postings.js';

/** A row of the look-ups. */
export interface LookUpRow {
  /** Of one value, or of a packed row, which is below 0. */
  readonly key: number;
  readonly chunk: number;
  readonly places: string;
}

/** The same as the databases return it. */
export interface StoredLookUp {
  readonly key: number | string;
  readonly chunk: number;
  readonly places: string;
}

/** Where one key occurs in one chunk. */
export interface Occurrence {
  readonly key: number;
  readonly chunk: number;
  readonly places: readonly number[];
}

/** Keys, each followed by the number of an event in the run that has it, from 0. An object for each would take longer. */
type Entries = number[];

/** Packed rows of one level that are due to be merged into rows of the next one. */
export interface Merge {
  readonly level: number;
  /** The packed keys, both included. */
  readonly keys: { readonly from: number; readonly to: number };
  /** Of the chunks before this one. */
  readonly before: number;
}

/** Most events of a chunk with one value that are packed. A value of more events has a row of its own. */
const RARE = 3;
/** A run of a level has so many runs of the level below, and the keys are divided into so many times as many parts. */
const FAN = 64;
const LEAST_PARTS = 32;
/** Three levels: runs of 1, 64 and 4,096 chunks, with 32, 2,048 and 131,072 rows each. */
export const LEVELS = [0, 1, 2];
/** In how many steps the rows of a run are merged. */
const STEPS = 4;
/** An entry has a key of 6 bytes, and the number of an event in its run in 3. In base64 that is 12 characters without a rest. */
const ENTRY = 9;
const THREE_BYTES = 2 ** 24;

/** How many chunks a run has. */
function lengthOf(level: number): number {
  return FAN ** level;
}

/** How many rows a run has. */
function partsOf(level: number): number {
  return LEAST_PARTS * FAN ** level;
}

/** The first packed key of a level. They fall from it on. */
function firstKeyOf(level: number): number {
  let before = 0;
  for (let lower = 0; lower < level; lower++) before += partsOf(lower);
  return -1 - before;
}

/** The key of the packed rows of a level that a key is in. It is stored, so it must never change. */
export function packedKeyOf(level: number, key: number): number {
  return firstKeyOf(level) - Math.floor((key * partsOf(level)) / KEYS);
}

/** The first chunk of the run of a level that has a chunk. */
export function firstChunkOf(level: number, chunk: number): number {
  return chunk - (chunk % lengthOf(level));
}

/** The rows of a chunk, in the order of their keys. */
export function rowsOf(chunk: number, placesByKey: ReadonlyMap<number, readonly number[]>): LookUpRow[] {
  const packed = new Packed(0, chunk);
  const rows: LookUpRow[] = [];
  for (const [key, places] of placesByKey) {
    if (places.length > RARE) rows.push({ key, chunk, places: encodePlaces(places) });
    else for (const place of places) packed.add(key, place);
  }
  return [...packed.rows(), ...rows].toSorted((one, other) => one.key - other.key);
}

/** What the rows have of some keys in the chunks from `from` to `to`. The rows may have other keys and chunks as well. */
export function* occurrencesIn(
  rows: Iterable<StoredLookUp>,
  keys: ReadonlySet<number>,
  from: number,
  to: number,
): Generator<Occurrence> {
  for (const row of rows) {
    const key = Number(row.key);
    if (key >= 0) {
      if (keys.has(key) && row.chunk >= from && row.chunk <= to) {
        yield { key, chunk: row.chunk, places: decodePlaces(row.places) };
      }
      continue;
    }
    const bytes = Buffer.from(row.places, 'base64');
    const end = (to + 1 - row.chunk) * CHUNK;
    for (let at = firstFrom(bytes, (from - row.chunk) * CHUNK); at < bytes.length; at += ENTRY) {
      const place = placeAt(bytes, at);
      if (place >= end) break;
      const each = keyAt(bytes, at);
      if (keys.has(each)) yield { key: each, chunk: row.chunk + Math.floor(place / CHUNK), places: [place % CHUNK] };
    }
  }
}

/**
 * A step of merging that is due when so many chunks are filled. Each run is merged in the steps behind its end. A step that
 * is left out, because a node of the version before has filled these chunks, is made up for by the same step of the next run.
 */
export function mergeDueAt(filled: number): Merge | undefined {
  const turn = filled % FAN;
  const level = Math.floor(turn / STEPS);
  if (level >= LEVELS.at(-1)!) return undefined;
  const length = lengthOf(level + 1);
  const before = filled - (filled % length);
  if (before === 0) return undefined;
  // There are as many steps for each run as there are times that this level has its turn meanwhile.
  const steps = STEPS * (length / FAN);
  const step = (Math.floor(filled / FAN) % (length / FAN)) * STEPS + (turn % STEPS);
  const parts = partsOf(level) / steps;
  const highest = firstKeyOf(level) - step * parts;
  return { level, keys: { from: highest - parts + 1, to: highest }, before };
}

/** The rows of the next level, by the first chunk of their runs. */
export function merged(level: number, rows: Iterable<StoredLookUp>): Map<number, LookUpRow[]> {
  const runs = new Map<number, Packed>();
  for (const { chunk, places } of rows) {
    const first = firstChunkOf(level + 1, chunk);
    let run = runs.get(first);
    if (!run) runs.set(first, (run = new Packed(level + 1, first)));
    const before = (chunk - first) * CHUNK;
    const entries = entriesOf(places);
    for (let index = 0; index < entries.length; index += 2) run.add(entries[index]!, before + entries[index + 1]!);
  }
  return new Map([...runs].map(([first, run]) => [first, run.rows()]));
}

/** A row, and what another one of the same key and chunk has besides. */
export function joined(row: LookUpRow, other: StoredLookUp): LookUpRow {
  const [some, more] = [pairsOf(row.places), pairsOf(other.places)];
  const known = new Set(some.map((pair) => pair.join(' ')));
  const all = [...some, ...more.filter((pair) => !known.has(pair.join(' ')))];
  // Sorted here: there may be thousands, and half of them in the wrong place.
  return { ...row, places: encodeEntries(all.toSorted(([, one], [, another]) => one - another).flat()) };
}

function pairsOf(text: string): (readonly [key: number, place: number])[] {
  const entries = entriesOf(text);
  return Array.from({ length: entries.length / 2 }, (_, index) => [entries[2 * index]!, entries[2 * index + 1]!]);
}

/** The entries of one run. */
class Packed {
  private readonly parts = new Map<number, number[]>();

  constructor(
    private readonly level: number,
    private readonly chunk: number,
  ) {}

  add(key: number, place: number): void {
    const packedKey = packedKeyOf(this.level, key);
    const part = this.parts.get(packedKey);
    if (part) part.push(key, place);
    else this.parts.set(packedKey, [key, place]);
  }

  rows(): LookUpRow[] {
    return [...this.parts].map(([key, entries]) => ({ key, chunk: this.chunk, places: encodeEntries(entries) }));
  }
}

/** In the order of their places. */
function encodeEntries(entries: Entries): string {
  sortByPlace(entries);
  const bytes = Buffer.allocUnsafe((entries.length / 2) * ENTRY);
  let at = 0;
  for (let index = 0; index < entries.length; index += 2) {
    const key = entries[index]!;
    at = writeThree(bytes, at, Math.floor(key / THREE_BYTES));
    at = writeThree(bytes, at, key % THREE_BYTES);
    at = writeThree(bytes, at, entries[index + 1]!);
  }
  return bytes.toString('base64');
}

function entriesOf(text: string): Entries {
  const bytes = Buffer.from(text, 'base64');
  const entries: number[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY) {
    entries.push(keyAt(bytes, at), placeAt(bytes, at));
  }
  return entries;
}

function keyAt(bytes: Buffer, at: number): number {
  return readThree(bytes, at) * THREE_BYTES + readThree(bytes, at + 3);
}

function placeAt(bytes: Buffer, at: number): number {
  return readThree(bytes, at + 6);
}

/** Where the first entry is that has this place or a later one. */
function firstFrom(bytes: Buffer, place: number): number {
  let [low, high] = [0, bytes.length / ENTRY];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (placeAt(bytes, middle * ENTRY) < place) low = middle + 1;
    else high = middle;
  }
  return low * ENTRY;
}

/** By insertion: there are few, and those of merged rows are in order already. */
function sortByPlace(entries: Entries): void {
  for (let index = 2; index < entries.length; index += 2) {
    const [key, place] = [entries[index]!, entries[index + 1]!];
    let at = index;
    for (; at > 0 && entries[at - 1]! > place; at -= 2) {
      entries[at] = entries[at - 2]!;
      entries[at + 1] = entries[at - 1]!;
    }
    entries[at] = key;
    entries[at + 1] = place;
  }
}

function writeThree(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >> 16;
  bytes[at + 1] = value >> 8;
  bytes[at + 2] = value;
  return at + 3;
}

function readThree(bytes: Buffer, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}
