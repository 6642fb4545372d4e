import { encodePlaces, type Posting } from './postings.js';

const NO_PLACES = new Uint16Array();

/** The postings of one chunk in memory, about 25 KB. */
export class ChunkPostings {
  /** In rising order. */
  private readonly keys: Float64Array;
  /** Where the places of each key end. */
  private readonly ends: Uint16Array;
  private readonly places: Uint16Array;

  constructor(
    readonly chunk: number,
    placesOf: ReadonlyMap<number, readonly number[]>,
  ) {
    this.keys = Float64Array.from(placesOf.keys()).toSorted();
    this.ends = new Uint16Array(this.keys.length);
    const places: number[] = [];
    this.keys.forEach((key, index) => {
      places.push(...placesOf.get(key)!);
      this.ends[index] = places.length;
    });
    this.places = Uint16Array.from(places);
  }

  /** The places of the events that have a key. */
  placesOf(key: number): Uint16Array {
    const index = this.indexFrom(key);
    return this.keys[index] === key ? this.placesAt(index) : NO_PLACES;
  }

  /** The postings with keys from one key on, and before another one. */
  between(from: number, before: number): Posting[] {
    const postings: Posting[] = [];
    for (let index = this.indexFrom(from); index < this.keys.length && this.keys[index]! < before; index++) {
      postings.push({ key: this.keys[index]!, places: encodePlaces([...this.placesAt(index)]) });
    }
    return postings;
  }

  private placesAt(index: number): Uint16Array {
    return this.places.subarray(index === 0 ? 0 : this.ends[index - 1], this.ends[index]);
  }

  /** Index of the first key that is not below this one. */
  private indexFrom(key: number): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
