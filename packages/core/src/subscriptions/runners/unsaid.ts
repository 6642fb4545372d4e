import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Failure } from '../parking/failure.js';
import type { Parking } from '../parking/parked-events.js';
import { pauseAfter } from '../retry-policy.js';
import type { RetryOptions } from '../retry.decorator.js';

/** What has been done since the checkpoint moved. */
export interface Unsaid<Consequence> {
  handled: number;
  parkings: Parking[];
  consequences: Consequence[];
  last: RecordedEvent | undefined;
}

export function nothing<Consequence>(): Unsaid<Consequence> {
  return { handled: 0, parkings: [], consequences: [], last: undefined };
}

/** How an event is set aside whose first attempt failed. */
export function parkingOf(
  event: RecordedEvent,
  failure: Failure,
  { attempts, backoff }: Required<RetryOptions>,
): Parking {
  if (attempts === 1) return { event, state: 'dead', attempts: 1, failure };
  return { event, state: 'retrying', attempts: 1, dueIn: pauseAfter(1, backoff), failure };
}
