import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Parking } from './parked-events.js';

/** What has been done since the checkpoint moved. */
export interface Uncommitted<Consequence> {
  handled: number;
  parkings: Parking[];
  consequences: Consequence[];
  last: RecordedEvent | undefined;
}

export function nothing<Consequence>(): Uncommitted<Consequence> {
  return { handled: 0, parkings: [], consequences: [], last: undefined };
}
