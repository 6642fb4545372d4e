import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Parking } from './parked-events.js';

/** Work done since the checkpoint last moved. */
export interface UncommittedWork<Consequence> {
  handled: number;
  parkings: Parking[];
  consequences: Consequence[];
  last: RecordedEvent | undefined;
}

export function noUncommittedWork<Consequence>(): UncommittedWork<Consequence> {
  return { handled: 0, parkings: [], consequences: [], last: undefined };
}
