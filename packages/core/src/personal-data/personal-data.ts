import type { JsonValue } from '../events/json.js';

/** That a subject is forgotten. */
export interface Forgetting {
  readonly subject: string;
  /** The event that forgets the subject: its id and its position. */
  readonly eventId: string;
  readonly position: number;
  /** When the event was recorded. */
  readonly forgottenAt: Date;
}

/** The personal fields of one event that are about one subject. */
export interface SubjectFields {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly recordedAt: Date;
  /** Values by path, such as `{ 'address.street': 'Elm Street 1' }`. */
  readonly fields: Readonly<Record<string, JsonValue>>;
  /** Paths of the fields that are absent because the subject is forgotten. Left out when there are none. */
  readonly forgotten?: readonly string[];
}

/** What the log knows of the subjects of personal data. */
export abstract class PersonalData {
  /** The forgetting of a subject; null when its data can still be read. Its copies are gone when `settled` says so. */
  abstract forgettingOf(subject: string): Promise<Forgetting | null>;

  /**
   * Waits until the event at this position is carried through: the keys of what it forgets are deleted, and copies of the
   * data outside of the log are gone. Read models follow by themselves; wait for them by their positions.
   * @throws ReadModelBehindError when it takes longer than queries wait for a position
   */
  abstract settled(position: number): Promise<void>;

  /**
   * The personal fields of all events about a subject, in the order of the log. They are found by an index. When the
   * subject is forgotten, only the paths are left. Events from before their fields were declared personal are not in it.
   */
  abstract fieldsOf(subject: string): AsyncIterable<SubjectFields>;
}
