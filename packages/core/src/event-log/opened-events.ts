import { mayBeEnveloped } from '../personal-data/envelope.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import type { LogQueries } from './log-queries.js';
import { type EventPayload, type EventRow, RecordedEvent } from './recorded-event.js';

/** Gets the keys of personal fields, with one statement for all events of a page. */
export class OpenedEvents {
  constructor(
    private readonly queries: LogQueries,
    private readonly personal: PersonalFieldsCipher,
  ) {}

  async ofRows(rows: readonly EventRow[]): Promise<RecordedEvent[]> {
    this.personal.notice(rows);
    if (!rows.some(({ data }) => mayBeEnveloped(data))) return rows.map((row) => new RecordedEvent(row));
    const contents = rows.map((row) => ({
      position: Number(row.position),
      eventId: row.event_id,
      type: row.type,
      dataText: row.data,
    }));
    const decrypts = await this.queries.answered(() => this.personal.opened(contents));
    return rows.map((row, index) => new RecordedEvent(row, decrypts[index]));
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
