import { partitionOf } from '../../event-log/partition.js';
import type { Findings } from './finding.js';
import type { CheckedEvent } from './read-events.js';

/**
 * Checks the rules of the log, event by event in global order. It remembers only the previous event, so its memory does
 * not grow with the log. A value in the file that is no number is NaN here, so each rule is written as a condition that
 * must be true.
 */
export class EventChecks {
  private seen = 0;
  private begun = 0;
  private next = 1;
  private before: CheckedEvent | undefined;

  constructor(private readonly findings: Findings) {}

  /** Events seen. */
  get events(): number {
    return this.seen;
  }

  /** Streams whose first event was seen. */
  get streams(): number {
    return this.begun;
  }

  check(event: CheckedEvent): void {
    this.seen++;
    if (event.version === 1) this.begun++;
    this.expectUpTo(event.position);
    this.checkVersion(event);
    this.checkTime(event);
    this.checkPartition(event);
  }

  /** Asserts that all positions below this one exist. */
  expectUpTo(position: number): void {
    if (position > this.next) this.reportGap(this.next, position - 1);
    this.next = position + 1;
  }

  private reportGap(from: number, to: number): void {
    const message =
      from === to
        ? `Position ${from} is missing: an event was taken out of the log, or moved.`
        : `Positions ${from} to ${to} are missing: ${to - from + 1} events were taken out of the log, or moved.`;
    this.findings.add({ check: 'positions', where: 'log', message, position: from });
  }

  private checkVersion({ stream, version, position, previous }: CheckedEvent): void {
    if (version === 1) return;
    if (version > 1 && previous !== undefined && previous < position) return;
    const what = `The event at position ${position} is version ${version} of the stream ${stream}`;
    this.findings.add({
      check: 'versions',
      where: `stream ${stream}`,
      message: `${what}${flaw(version, previous)}.`,
      position,
    });
  }

  private checkTime(event: CheckedEvent): void {
    const { before } = this;
    this.before = event;
    if (!before || event.recordedAt >= before.recordedAt) return;
    this.findings.add({
      check: 'times',
      where: 'log',
      message:
        `The event at position ${event.position} was recorded at ${time(event.recordedAt)}, ` +
        `and the one before it, at position ${before.position}, at ${time(before.recordedAt)}: one of the two was changed.`,
      position: event.position,
    });
  }

  private checkPartition({ position, stream, partition }: CheckedEvent): void {
    const right = partitionOf(stream);
    if (partition === right) return;
    this.findings.add({
      check: 'partition',
      where: `stream ${stream}`,
      message: `The event at position ${position} is in partition ${partition}; its stream ${stream} belongs to ${right}.`,
      position,
    });
  }
}

function flaw(version: number, previous: number | undefined): string {
  if (!(version >= 1)) return ', and versions start at 1';
  if (previous === undefined) return `, and version ${version - 1} is not in the log`;
  return `, and version ${version - 1} comes only after it, at position ${previous}`;
}

function time(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `"${ms}", which is no time` : date.toISOString();
}
