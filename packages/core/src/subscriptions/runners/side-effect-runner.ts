import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { contextOf } from '../event-handler.js';
import type { SideEffectSubscription } from '../subscription.js';
import { ParkingRunner } from './parking-runner.js';
import type { ParkingSurroundings } from './parking-surroundings.js';

/** Few enough that hardly anything is done twice, and many enough that a fast handler is not slowed down. In ms. */
const LONGEST_UNSAID = 20;

/** Calls a handler at least once for each event. What it does to the world is over when it returns: nothing is left to store. */
export class SideEffectRunner extends ParkingRunner<SideEffectSubscription> {
  constructor(subscription: SideEffectSubscription, around: ParkingSurroundings) {
    super(subscription, around, LONGEST_UNSAID);
  }

  protected async handle(event: object, recorded: RecordedEvent): Promise<never[]> {
    await this.subscription.handler.handle(event, contextOf(recorded));
    return [];
  }

  protected async store(): Promise<void> {
    // There is nothing to store.
  }
}
