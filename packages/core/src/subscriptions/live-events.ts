import { Logger } from '@nestjs/common';
import { config, type Subscription as RxSubscription } from 'rxjs';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import type { LogTail } from './log-tail.js';
import { messageOf, stackOf } from './runners/handler-failure.js';

/** Where observers of the event bus listen. */
export interface LiveBus {
  isObserved(): boolean;
  emit(event: object): void;
}

const logger = new Logger('live events');
/** Events whose words are kept out of the log. */
const RECENT = 1_000;
/** What was handed over last: RxJS tells of an observer's error later, once for the whole process, and not of which event. */
let recent: readonly RecordedEvent[] = [];

/**
 * Hands every event that was committed, here or on another node, to those who observe the event bus, from the start of
 * this process on. Best effort: what an observer throws is logged, and nothing is handed over twice or kept for later.
 */
export class LiveEvents {
  private following: RxSubscription | undefined;

  constructor(
    private readonly tail: LogTail,
    private readonly serializer: EventSerializer,
  ) {}

  connect(bus: LiveBus): void {
    // RxJS would end the process by throwing what an observer threw where nobody can catch it.
    config.onUnhandledError ??= (error) =>
      logger.error(`An observer failed: ${messageOf(error, ...recent)}`, stackOf(error, ...recent));
    this.following = this.tail.events$.subscribe((events) => {
      if (!bus.isObserved()) return;
      recent = [...recent, ...events].slice(-RECENT);
      for (const event of events) this.handOver(event, bus);
    });
  }

  close(): void {
    this.following?.unsubscribe();
  }

  private handOver(recorded: RecordedEvent, bus: LiveBus): void {
    let event: object | undefined;
    try {
      event = this.serializer.fromRecorded(recorded);
    } catch (error) {
      logger.warn(`Observers don't see the event at position ${recorded.position}: ${messageOf(error, recorded)}`);
    }
    if (event) bus.emit(event);
  }
}
