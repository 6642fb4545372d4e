import type { CurrentEvent, EventPayload } from '../event-log/recorded-event.js';
import type { JsonObject } from '../events/json.js';
import { copyOf, isNested, mayBeNested } from '../events/own-data.js';
import { assigned, isAssignable, revive } from '../events/revive.js';
import type { AggregateInternals } from './aggregate-root.js';

/** A shorter one is not kept. */
const FEWEST_EVENTS = 32;
/** What an event takes beside its text, and how much its parsed data takes for each character. As measured, in bytes. */
const SIZE = { event: 64, character: 1.3 };

/**
 * The events of one stream from its first one on, with parsed data. Stored events never change, so it is never wrong; it may be
 * shorter than the stream. Each fold gets events of its own.
 */
export class KeptHistory {
  // Lists, and no object for each event: what is kept is copied twice when the garbage is collected.
  private readonly prototypes: object[] = [];
  private readonly data: JsonObject[] = [];
  private readonly positions: number[] = [];
  /** Versions of the events that are more than assigned: their data has objects or lists, or names that can't be assigned. */
  private readonly special = new Set<number>();
  private last: EventPayload | undefined;
  /** About what it takes in memory, in bytes. */
  size = 0;

  /** Streams of few events are read as fast as they are looked for. */
  static isWorthwhile(events: number): boolean {
    return events >= FEWEST_EVENTS;
  }

  /** Version of the last event that is kept, 0 for none. */
  get version(): number {
    return this.data.length;
  }

  /** What was read of the last event. */
  get end(): EventPayload | undefined {
    return this.last;
  }

  /** Adds the id of the last event. @returns false when it is another event */
  identify(end: EventPayload | undefined): boolean {
    if (!this.last || !isSameEvent({ ...this.last, eventId: end?.eventId }, end)) return false;
    this.last = end;
    return true;
  }

  /** Keeps the next event. One that is kept already, by a load at the same time, is left out. */
  add(payload: EventPayload, { prototype, data }: CurrentEvent): void {
    if (payload.version !== this.version + 1) return;
    this.prototypes.push(prototype);
    this.data.push(data);
    this.positions.push(payload.position);
    if ((mayBeNested(payload.dataText) && isNested(data)) || !isAssignable(prototype, data)) {
      this.special.add(payload.version);
    }
    this.last = payload;
    this.size += SIZE.event + SIZE.character * payload.dataText.length;
  }

  /** A new instance, which may be changed; undefined when the event is not kept. */
  eventAt(version: number): object | undefined {
    const data = this.data[version - 1];
    if (!data) return undefined;
    const prototype = this.prototypes[version - 1]!;
    const isSpecial = this.special.size > 0 && this.special.has(version);
    return isSpecial ? revive(prototype, copyOf(data)) : assigned(prototype, data);
  }

  /** Folds events up to a version. In a function of its own, which the engine compiles as a whole. */
  replayTo(version: number, replayOne: AggregateInternals<object>['replayOne']): void {
    for (let each = 1; each <= version; each++) replayOne(this.eventAt(each)!, each, this.positions[each - 1]!);
  }
}

/** Whether both are what was read of one stored event. */
export function isSameEvent(one: EventPayload, other: EventPayload | undefined): boolean {
  return (
    other !== undefined &&
    one.position === other.position &&
    one.version === other.version &&
    one.eventId === other.eventId &&
    one.type === other.type &&
    one.schemaVersion === other.schemaVersion &&
    one.dataText === other.dataText
  );
}
