import { SetupError } from '../errors.js';
import type { UnstorableText } from '../read-models/columns/text-types.js';

/** The longest that a timer of Node waits. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** @throws SetupError, as the functions below, when the value of an option is none that it takes */
export function checkMemory(bytes: number): number {
  if (isCount(bytes)) return bytes;
  throw new SetupError(`aggregateMemory is ${bytes}. Give a whole number of bytes, or 0 to keep no events in memory.`);
}

export function checkEventSize(bytes: number): number {
  if (isCount(bytes) && bytes > 0) return bytes;
  throw new SetupError(`eventSizeLimit is ${bytes}. Give a whole number of bytes above 0.`);
}

export function checkSnapshotInterval(events: number): number {
  if (isCount(events)) return events;
  throw new SetupError(`snapshotEvery is ${events}. Give a whole number of events, or 0 to take no snapshots.`);
}

export function checkWaitLimit(wait: number): number {
  if (wait >= 0 && wait <= LONGEST_WAIT) return wait;
  throw new SetupError(`readWaitLimit is ${wait} ms. Give a time from 0 to ${LONGEST_WAIT} ms.`);
}

export function checkUnstorableText(choice: UnstorableText): UnstorableText {
  if (['replace', 'refuse'].includes(choice)) return choice;
  throw new SetupError(`unstorableText is ${JSON.stringify(choice)}. Give "replace" or "refuse".`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
