import type { ExportedEvent } from '@leftfold/core';
import { provedRecord } from '../proving/proved-event.js';
import { encodeRecord } from '../records/record.js';
import { HASH_SIZE, leafHash } from '../tree/hashes.js';

const NO_HASH = Buffer.alloc(HASH_SIZE);

/** The events of an export whose hashes are in one line, as they are compared with them. */
export class ExportedTile {
  private readonly found = new Map<number, Buffer>();
  private last: number;

  /**
   * @param from the first position
   * @param hashes as the file has them; at most 256
   */
  constructor(
    readonly from: number,
    readonly hashes: readonly Buffer[],
  ) {
    this.last = from - 1;
  }

  /** The last position. */
  get to(): number {
    return this.from + this.hashes.length - 1;
  }

  /** What is wrong with an event at this place of the file, as a sentence; undefined when nothing is. */
  flawOf(event: ExportedEvent): string | undefined {
    const { position } = event;
    const name = `The event at position ${position} (${event.stream} version ${event.version}, ${event.type})`;
    if (position < this.from || position > this.to) return `${name} does not belong here: it was moved, or inserted.`;
    if (this.found.has(position)) return `${name} is there a second time: it was inserted.`;
    const hash = hashAt(event, position);
    this.found.set(position, hash);
    const isInOrder = position > this.last;
    this.last = Math.max(this.last, position);
    if (!hash.equals(this.hashes[position - this.from]!)) {
      const was = this.sealedAt(event);
      return was === undefined
        ? `${name} was changed, or inserted, after it was sealed.`
        : `${name} was moved: it was sealed at position ${was}.`;
    }
    return isInOrder ? undefined : `${name} comes after position ${this.last}: two lines were swapped.`;
  }

  /** The positions without an event. */
  get missing(): number[] {
    return this.hashes.map((_, n) => this.from + n).filter((position) => !this.found.has(position));
  }

  /** The hashes of the events that are in the file; for one that is missing, of no event. */
  get actualHashes(): Buffer[] {
    return this.hashes.map((_, n) => this.found.get(this.from + n) ?? NO_HASH);
  }

  private sealedAt(event: ExportedEvent): number | undefined {
    const index = this.hashes.findIndex((hash, n) => hashAt(event, this.from + n).equals(hash));
    return index < 0 ? undefined : this.from + index;
  }
}

function hashAt(event: ExportedEvent, position: number): Buffer {
  const { id: eventId, typeVersion: schemaVersion } = event;
  return leafHash(encodeRecord(provedRecord({ ...event, position, eventId, schemaVersion })));
}
