import type { Finding, VerifyCheck } from '../../src/operations/verify/finding.js';
import { partitionOf } from '../../src/event-log/partition.js';
import { READ_MODEL, recordedAt, SIDE_EFFECT } from './followed-log.js';

export const missing = (what: string, position: number): Finding => ({
  check: 'positions',
  where: 'log',
  message: `${what} taken out of the log, or moved.`,
  position,
});

export const version = (stream: string, position: number, version: number, flaw: string): Finding => ({
  check: 'versions',
  where: `stream ${stream}`,
  message: `The event at position ${position} is version ${version} of the stream ${stream}, and ${flaw}.`,
  position,
});

export const partition = (stream: string, position: number, stored: number): Finding => ({
  check: 'partition',
  where: `stream ${stream}`,
  message:
    `The event at position ${position} is in partition ${stored}; its stream ${stream} belongs to ` +
    `${partitionOf(stream)}.`,
  position,
});

/** @param timeOf the position whose time the event has */
export const time = (position: number, timeOf: number, before: number, beforeTimeOf: number): Finding => ({
  check: 'times',
  where: 'log',
  message:
    `The event at position ${position} was recorded at ${isoTime(timeOf)}, and the one before it, ` +
    `at position ${before}, at ${isoTime(beforeTimeOf)}: one of the two was changed.`,
  position,
});

export const ofList = (check: VerifyCheck, what: string, position?: number): Finding => ({
  check,
  where: READ_MODEL,
  message: `The read model "orders.list" ${what}.`,
  ...(position === undefined ? {} : { position }),
});

export const ofMail = (check: VerifyCheck, what: string, position?: number): Finding => ({
  check,
  where: SIDE_EFFECT,
  message: `The subscription "mail.receipts" ${what}.`,
  ...(position === undefined ? {} : { position }),
});

/** The read model has handled the right number of events, but the log has another number. */
export const listCount = (counted: number): Finding =>
  ofList(
    'count',
    'has handled 16, parked 0 and discarded 0 events after position 0 up to 24, together 16; ' +
      `the log has ${counted} of its types there: rebuild it`,
    24,
  );

export const mailCount = (counted: number): Finding =>
  ofMail(
    'count',
    'has handled 2, parked 5 and discarded 1 events after position 6 up to 22, together 8; ' +
      `the log has ${counted} of its types there`,
    22,
  );

function isoTime(position: number): string {
  return new Date(recordedAt(position)).toISOString();
}
