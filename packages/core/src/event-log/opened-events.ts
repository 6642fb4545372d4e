import { mayBeEnveloped } from '../personal-data/envelope.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import type { LogQueries } from './log-queries.js';
import type { EventPayload, RecordedEvent } from './recorded-event.js';

/** Gets the keys of personal fields, with one statement for all events of a page. */
export class OpenedEvents {
  constructor(
    private readonly queries: LogQueries,
    private readonly personal: PersonalFieldsCipher,
  ) {}

  /** @param events as read, which nobody has seen yet */
  async of(events: RecordedEvent[]): Promise<RecordedEvent[]> {
    const forgetting = this.personal.notice(events);
    await this.open(events);
    if (forgetting.length === 0) return events;
    // Later events about the same person may be among them, and were opened with the key.
    if (await this.queries.answered(() => this.personal.markForgotten(forgetting))) await this.open(events);
    return events;
  }

  private async open(events: readonly RecordedEvent[]): Promise<void> {
    if (!events.some(({ dataText }) => mayBeEnveloped(dataText))) return;
    const decrypts = await this.queries.answered(() => this.personal.opened(events));
    for (const [index, event] of events.entries()) event.openWith(decrypts[index]);
  }

  /** @param events with ids */
  async ofPayloads(events: readonly EventPayload[]): Promise<readonly EventPayload[]> {
    const contents = events.map(({ position, eventId, type, dataText }) => ({
      position,
      eventId: eventId!,
      type,
      dataText,
    }));
    const decrypts = await this.queries.answered(() => this.personal.opened(contents));
    return events.map((event, index) => {
      const decrypt = decrypts[index];
      return decrypt ? { ...event, decrypt } : event;
    });
  }
}
