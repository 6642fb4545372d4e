import { isRefusedValue } from '../../databases/refused-value.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Lease } from '../states/lease.js';
import { nothing, type Unsaid } from './unsaid.js';

/** What it takes to say that events are done. */
export interface Saying<Consequence> {
  /** Stores all of it, or throws and stores nothing. */
  checkpoint(lease: Lease, to: number, unsaid: Unsaid<Consequence>): Promise<void>;
  /** Handles an event anew, or sets it aside behind those of its stream. */
  take(event: RecordedEvent, blocked: Set<string>, unsaid: Unsaid<Consequence>): Promise<boolean>;
  /** The streams of these events that have an event set aside. */
  blocked(events: readonly RecordedEvent[]): Promise<ReadonlySet<string>>;
  /** Stores that an event is set aside because of this error. */
  setAside(lease: Lease, event: RecordedEvent, to: number, error: unknown): Promise<void>;
}

/**
 * Says that these events are done. Where the database refuses a value that one of them left, nothing of them is stored:
 * each is handled again and stored by itself, and the one whose value it is is set aside.
 */
export async function sayEvents<Consequence>(
  saying: Saying<Consequence>,
  lease: Lease,
  events: readonly RecordedEvent[],
  to: number,
  unsaid: Unsaid<Consequence>,
  blocked: Set<string>,
): Promise<void> {
  try {
    return await saying.checkpoint(lease, to, unsaid);
  } catch (error) {
    if (unsaid.consequences.length === 0 || !isRefusedValue(error)) throw error;
    if (events.length === 1) {
      blocked.add(events[0]!.stream);
      return saying.setAside(lease, events[0]!, to, error);
    }
  }
  // What was to be set aside with them was not, either.
  for (const { event } of unsaid.parkings) blocked.delete(event.stream);
  for (const stream of await saying.blocked(events)) blocked.add(stream);
  for (const [index, event] of events.entries()) {
    const one = nothing<Consequence>();
    await saying.take(event, blocked, one);
    await sayEvents(saying, lease, [event], index === events.length - 1 ? to : event.position, one, blocked);
  }
}
