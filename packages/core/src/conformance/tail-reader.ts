import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';

/** Follows a log from a position in slices of changing size, as a subscription does. */
export class TailReader {
  readonly events: RecordedEvent[] = [];
  slices = 0;

  constructor(
    private readonly log: EventLog,
    private after: number,
    private readonly types?: readonly string[],
  ) {}

  /** Reads until it has reached the head after `done` became true. */
  async run(done: () => boolean): Promise<void> {
    for (;;) {
      const last = done();
      const slice = await this.log.readAll({
        after: this.after,
        limit: 1 + (this.slices % 40),
        ...(this.types && { types: this.types }),
      });
      this.slices += 1;
      this.events.push(...slice.events);
      const stood = slice.upTo === this.after;
      this.after = slice.upTo;
      if (stood && last) return;
      if (stood) await sleep(1);
    }
  }
}
