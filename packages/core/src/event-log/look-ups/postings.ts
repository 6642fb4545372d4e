import { hash } from 'node:crypto';
import { categoryOf } from '../stream-name.js';

/** Number of events of a chunk. Chunk 0 has the positions 1 to 1024. It is stored, so it must never change. */
export const CHUNK = 1024;

/**
 * SQL expression for the number of chunks that are filled. Nodes of the version before do not read packed rows, so each version
 * says in its own column how far it has filled them.
 */
export const FILLED_CHUNKS = 'case when packed_chunks > look_up_chunks then packed_chunks else look_up_chunks end';

/** What events are looked up by. */
export type LookUpKind = 'type' | 'category' | 'actor' | 'correlation';

/** The indexed columns of an event. */
export interface IndexedColumns {
  readonly position: number | string;
  readonly stream: string;
  readonly type: string;
  readonly actor: string;
  readonly correlationId: string;
}

/** How many different keys there are: each is a whole number below. */
export const KEYS = 2 ** 48;
const KEY_BYTES = 6;

/** The events of one chunk that have one value. */
export interface Posting {
  readonly key: number;
  readonly places: string;
}

/** The value of an event by which it is looked up. */
export const VALUES: Readonly<Record<LookUpKind, (event: Omit<IndexedColumns, 'position'>) => string>> = {
  type: (event) => event.type,
  category: (event) => categoryOf(event.stream),
  actor: (event) => event.actor,
  correlation: (event) => event.correlationId,
};

/** A bitmap of a chunk has this many characters; a longer list becomes one. */
const LONGEST_LIST = Math.ceil(CHUNK / 8 / 3) * 4;
const BITMAP = '#';
const KINDS = Object.keys(VALUES) as LookUpKind[];

/**
 * The key of a value: 48 bits of a hash. Keys are short and all of one size, so many fit on a page of the index. Two
 * values may share one, so a reader compares the events that it finds. It is stored, so it must never change.
 */
export function keyOf(kind: LookUpKind, value: string): number {
  // A text of one character for each byte: to make a buffer takes three times as long as the hash.
  const bytes = hash('sha1', `${kind} ${value}`, 'binary');
  let key = 0;
  for (let index = 0; index < KEY_BYTES; index++) key = key * 256 + bytes.charCodeAt(index);
  return key;
}

/** @returns the chunk that has the position */
export function chunkOf(position: number): number {
  return Math.floor((position - 1) / CHUNK);
}

/** The places of a chunk's events, in rising order, by key. */
export function placesByKey(events: readonly IndexedColumns[]): Map<number, readonly number[]> {
  const placesOf = new Map<number, readonly number[]>();
  for (const kind of KINDS) {
    const valueOf = VALUES[kind];
    const placesOfValue = new Map<string, number[]>();
    for (const event of events) {
      const value = valueOf(event);
      const place = (Number(event.position) - 1) % CHUNK;
      const places = placesOfValue.get(value);
      if (places) places.push(place);
      else placesOfValue.set(value, [place]);
    }
    for (const [value, places] of placesOfValue) {
      const key = keyOf(kind, value);
      const others = placesOf.get(key);
      placesOf.set(key, others ? unionOf(others, places) : places);
    }
  }
  return placesOf;
}

/** The places of two values that share a key. */
function unionOf(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])].toSorted((first, second) => first - second);
}

/** Places within a chunk, 0 to 1023, in rising order: as a list, or as a bitmap where that is shorter. */
export function encodePlaces(places: readonly number[]): string {
  const list = places.join(',');
  if (list.length <= LONGEST_LIST) return list;
  const bits = Buffer.alloc(CHUNK / 8);
  for (const place of places) bits[place >> 3]! |= 1 << (place & 7);
  return BITMAP + bits.toString('base64');
}

export function decodePlaces(text: string): number[] {
  if (!text.startsWith(BITMAP)) return text.split(',').map(Number);
  const isThere = bitTest(text);
  const places: number[] = [];
  for (let place = 0; place < CHUNK; place++) if (isThere(place)) places.push(place);
  return places;
}

/** Whether a place is one of a row's. */
export type PlaceTest = (place: number) => boolean;

/** For a few places of a row that may have many. */
export function placeTest(text: string): PlaceTest {
  if (!text.startsWith(BITMAP)) {
    const places = decodePlaces(text);
    return (place) => places.includes(place);
  }
  return bitTest(text);
}

function bitTest(text: string): PlaceTest {
  const bits = Buffer.from(text.slice(BITMAP.length), 'base64');
  return (place) => (bits[place >> 3]! & (1 << (place & 7))) !== 0;
}
