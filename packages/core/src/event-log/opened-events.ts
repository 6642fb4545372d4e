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

  /** @param events of one stream, in order of versions, without gaps */
  async ofPayloads(stream: string, events: readonly EventPayload[]): Promise<readonly EventPayload[]> {
    if (!events.some(({ dataText }) => mayBeEnveloped(dataText))) return events;
    const ids = await this.queries.query<{ position: number | string; event_id: string }>(
      'select e.position, e.event_id from leftfold_events e where e.stream = ? and e.version >= ? and e.version <= ?',
      [stream, events[0]!.version, events.at(-1)!.version],
    );
    const byPosition = new Map(ids.map((row) => [Number(row.position), row.event_id]));
    const contents = events.map((event) => ({ ...event, eventId: byPosition.get(event.position)! }));
    const decrypts = await this.queries.answered(() => this.personal.opened(contents));
    return events.map((event, index) => {
      const decrypt = decrypts[index];
      return decrypt ? { ...event, decrypt } : event;
    });
  }
}
