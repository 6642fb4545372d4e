import { decodeJson, encodeJson, type JsonValue } from '../events/json.js';
import { takeOut } from '../personal-data/paths.js';
import type { KeyState } from '../personal-data/key-store.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { type FieldValue, quotedSubjects } from '../personal-data/quoted-subjects.js';
import { SealedCopies } from '../personal-data/sealed-copies.js';
import type { AppendOptions, NewEvent, StreamAppend } from './event-log.js';
import { newEventId } from './new-event-id.js';

interface Encrypted {
  readonly appends: readonly StreamAppend[];
  readonly options: AppendOptions;
}

/** What the encryption of a command's result is bound to. */
export function resultOf(commandId: string): string {
  return `result ${commandId.toLowerCase()}`;
}

/** Encrypts the personal fields of appends, before they are serialized. */
export class PersonalAppends {
  private readonly copies: SealedCopies;

  constructor(private readonly personal: PersonalFieldsCipher) {
    this.copies = new SealedCopies(personal.keys);
  }

  /** Malformed appends are refused later. */
  concerns(appends: readonly StreamAppend[]): boolean {
    return Array.isArray(appends) && (appends as readonly (StreamAppend | undefined)[]).some(hasPersonal);
  }

  /**
   * The append as it is stored. The keys are stored when this settles, so no event is ever stored without its key. The ids
   * of events, to which their fields are bound, are made here.
   * @throws UnstorableValueError, UnusableKeyError
   */
  async encrypt(appends: readonly StreamAppend[], options: AppendOptions): Promise<Encrypted> {
    const contents = appends.flatMap(({ events }) => events.flatMap(({ personal }) => personal?.parts ?? []));
    const keys = await this.personal.keysFor(contents);
    const encrypted = appends.map((append) => ({
      ...append,
      events: append.events.map((event) => (event.personal ? this.encryptEvent(event, keys) : event)),
    }));
    return { appends: encrypted, options: await this.sealResult(options, appends) };
  }

  private encryptEvent({ personal, ...event }: NewEvent, keys: ReadonlyMap<string, KeyState>): NewEvent {
    const eventId = event.eventId?.toLowerCase() ?? newEventId();
    const { data, forgotten } = this.personal.encrypt(event.data, eventId, personal!.parts, keys);
    // A tag of a forgotten field would keep its value taken.
    const tags = forgotten.length > 0 ? personal!.tagsWithout(forgotten) : event.tags;
    return { ...event, eventId, data, ...(tags && { tags }) };
  }

  /** A result that quotes a personal field is a copy of it. Without its subject, there is no result. */
  private async sealResult(options: AppendOptions, appends: readonly StreamAppend[]): Promise<AppendOptions> {
    const { result, commandId } = options;
    if (result === undefined || commandId === undefined) return options;
    const subjects = quotedSubjects(
      result,
      appends.flatMap(({ events }) => events.flatMap(fieldsOf)),
    );
    if (subjects.length === 0) return options;
    const sealed = await this.copies.seal(encodeJson(result, 'result'), subjects, resultOf(commandId));
    const { result: _plain, ...others } = options;
    return sealed === undefined ? others : { ...options, result: decodeJson<JsonValue>(sealed) };
  }
}

function fieldsOf({ data, personal }: NewEvent): FieldValue[] {
  return (personal?.parts ?? []).flatMap(({ subject, fields }) =>
    fields.map(({ names }) => ({ subject, value: takeOut(data, names)[1] })),
  );
}

function hasPersonal(append: StreamAppend | undefined): boolean {
  const events = append?.events as readonly (NewEvent | undefined)[] | undefined;
  return Array.isArray(events) && events.some((event: NewEvent | undefined) => event?.personal !== undefined);
}
