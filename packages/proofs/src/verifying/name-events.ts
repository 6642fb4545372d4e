import type { RecordedEvent } from '@leftfold/core';
import { encodeRecord, recordOf } from '../records/record.js';
import { leafHash } from '../tree/hashes.js';
import type { TreeFinding } from './tree-finding.js';

/** A position at which another event was sealed. */
export interface OtherEvent {
  readonly position: number;
  /** The event that the log has there, if any. */
  readonly event: RecordedEvent | undefined;
  /** Hash of the record that was sealed there. */
  readonly sealed: Buffer;
}

/**
 * Says what happened to events that do not fit: whether one is missing, was sealed at another position, or was changed.
 * It tries each event at all of these positions, so there should be few of them.
 * @param signed up to this position the events are those of the signed checkpoint, so the stored hash must be wrong
 */
export function namesOf(others: readonly OtherEvent[], signed: number): TreeFinding[] {
  const positions = new Map(others.map(({ sealed, position }) => [sealed.toString('hex'), position]));
  return others.map(({ position, event }) => {
    if (position <= signed) {
      return {
        position,
        message: `The stored hash of position ${position} was changed. The event is as it was signed.`,
      };
    }
    if (!event) return { position, message: `The event at position ${position} is missing.` };
    const was = others.length <= MOST_TRIED ? sealedAt(event, others, positions) : undefined;
    const what = `The event at position ${position} (${event.stream} version ${event.version}, ${event.type})`;
    if (was === undefined) return { position, message: `${what} was changed, or inserted, after it was sealed.` };
    return { position, message: `${what} was moved: it was sealed at position ${was}.` };
  });
}

/** Trying grows with the square. */
const MOST_TRIED = 1_000;

function sealedAt(
  event: RecordedEvent,
  others: readonly OtherEvent[],
  positions: ReadonlyMap<string, number>,
): number | undefined {
  const record = recordOf(event);
  for (const { position } of others) {
    const hash = leafHash(encodeRecord({ ...record, position })).toString('hex');
    if (positions.get(hash) === position) return position;
  }
  return undefined;
}
