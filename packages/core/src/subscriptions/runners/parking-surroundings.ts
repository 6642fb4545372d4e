import type { WriteDatabase } from '../../databases/write-database.js';
import type { ParkedEvents } from '../parking/parked-events.js';
import type { Surroundings } from './leased-runner.js';

/** What a runner that sets events aside works with. */
export interface ParkingSurroundings extends Surroundings {
  readonly parked: ParkedEvents;
  readonly events: WriteDatabase;
}
