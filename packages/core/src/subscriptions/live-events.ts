import { Logger } from '@nestjs/common';
import { config } from 'rxjs';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import type { LogTail } from './log-tail.js';
import { messageOf, stackOf } from './runners/handler-failure.js';

/** The subject that observers of the event bus subscribe to. */
export interface LiveBus {
  isObserved(): boolean;
  emit(event: object): void;
}

const logger = new Logger('live events');
/** Number of recent events whose data is cut out of logged errors. */
const RECENT = 1_000;
/** The last events that were published. RxJS reports an observer's error later, globally, and without the event. */
let recent: readonly RecordedEvent[] = [];

/**
 * Publishes every committed event, from this node or another, to observers of the event bus, starting when this process
 * starts. Best effort: an observer's error is logged, and nothing is repeated or kept.
 */
export class LiveEvents {
  private stop: (() => void) | undefined;

  constructor(
    private readonly tail: LogTail,
    private readonly serializer: EventSerializer,
  ) {}

  connect(bus: LiveBus): void {
    // Otherwise RxJS would rethrow an observer's error where it can't be caught, and end the process.
    config.onUnhandledError ??= (error) =>
      logger.error(`An observer failed: ${messageOf(error, ...recent)}`, stackOf(error, ...recent));
    this.stop = this.tail.listen({
      isListening: () => bus.isObserved(),
      receive: (events) => {
        recent = [...recent, ...events].slice(-RECENT);
        for (const event of events) this.publish(event, bus);
      },
    });
  }

  close(): void {
    this.stop?.();
  }

  private publish(recorded: RecordedEvent, bus: LiveBus): void {
    let events: object[] = [];
    try {
      events = this.serializer.eventsOf(recorded);
    } catch (error) {
      logger.warn(`Observers don't see the event at position ${recorded.position}: ${messageOf(error, recorded)}`);
    }
    for (const event of events) bus.emit(event);
  }
}
