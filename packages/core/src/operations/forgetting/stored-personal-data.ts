import { setTimeout as pause } from 'node:timers/promises';
import type { OpenDatabase } from '../../databases/open-database.js';
import { RecordedEvent } from '../../event-log/recorded-event.js';
import { subjectEvents } from '../../event-log/subject-events.js';
import type { JsonValue } from '../../events/json.js';
import { type Forgetting, PersonalData, type SubjectFields } from '../../personal-data/personal-data.js';
import type { PersonalFieldsCipher } from '../../personal-data/personal-fields-cipher.js';
import { ReadModelBehindError } from '../../read-models/read-model-behind.error.js';
import type { ForgettingEvents } from './forgetting-events.js';
import type { ForgettingProgress } from './forgetting-progress.js';

/** In ms. Another node may do the work, and nothing tells this one of it. */
const LOOK_AGAIN = 50;

/** Answers from the log and the store of keys. */
export class StoredPersonalData extends PersonalData {
  constructor(
    private readonly database: OpenDatabase,
    private readonly cipher: PersonalFieldsCipher,
    private readonly events: ForgettingEvents,
    private readonly progress: ForgettingProgress,
    /** In ms. */
    private readonly waitLimit: number,
  ) {
    super();
  }

  async forgettingOf(subject: string): Promise<Forgetting | null> {
    const state = (await this.cipher.keys.findNow([subject])).get(subject);
    return state && 'forgotten' in state ? state.forgotten : null;
  }

  async settled(position: number): Promise<void> {
    const end = performance.now() + this.waitLimit;
    for (;;) {
      const done = await this.progress.position();
      if (done >= position || !(await this.events.next(done, position)).event) return;
      if (performance.now() >= end) throw new ReadModelBehindError(position);
      await pause(LOOK_AGAIN);
    }
  }

  async *fieldsOf(subject: string): AsyncIterable<SubjectFields> {
    for await (const rows of subjectEvents(this.database, subject)) {
      const decrypts = await this.cipher.opened(
        rows.map((row) => ({
          position: Number(row.position),
          eventId: row.event_id,
          type: row.type,
          dataText: row.data,
        })),
      );
      for (const [index, row] of rows.entries()) {
        const found = subjectFields(RecordedEvent.of(row, decrypts[index]), subject);
        if (found) yield found;
      }
    }
  }
}

/** Undefined when the event has nothing about the subject. */
function subjectFields(recorded: RecordedEvent, subject: string): SubjectFields | undefined {
  const { position, eventId, type, stream, recordedAt } = recorded;
  const about = recorded.personalFields.filter((field) => field.subject === subject);
  if (about.length === 0) return undefined;
  const known = about.filter(({ value }) => value !== undefined);
  const fields = Object.fromEntries(known.map(({ path, value }): [string, JsonValue] => [path, value!]));
  const forgotten = about.filter(({ value }) => value === undefined).map(({ path }) => path);
  return { position, eventId, type, stream, recordedAt, fields, ...(forgotten.length > 0 && { forgotten }) };
}
