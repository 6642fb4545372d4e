import { InvalidAppendError } from '../event-log.errors.js';
import type { AppendOptions, NewEvent, StreamAppend } from '../event-log.js';
import { MOST_AT_ONCE, Rules, TYPE, shown } from './rules.js';

const MAX_SCHEMA_VERSION = 2 ** 31 - 1;
/** The latest time that a `Date` can hold, in ms. */
const LONGEST_TIME = 8.64e15;
const LABELS: ReadonlyMap<string, string> = new Map(
  ['actor', 'correlationId', 'causationId', 'commandId', 'traceparent'].map((name) => [name, `metadata.${name}`]),
);

const rules: Rules = new Rules((message) => new InvalidAppendError(message));

/**
 * Refuses an append that can never be stored in any log. Data, metadata and result are checked when they are
 * serialized.
 * @throws InvalidAppendError
 */
export function checkAppend(appends: readonly StreamAppend[], options: AppendOptions): void {
  rules.list('The first argument of append', appends);
  rules.object('The second argument of append', options);
  let events = 0;
  for (const append of appends) {
    checkStream(append);
    events += append.events.length;
    for (const event of append.events) checkEvent(event);
  }
  if (appends.length > 1) refuseStreamsTwice(appends);
  if (events > 1) refuseIdsTwice(appends);
  if (events > MOST_AT_ONCE) {
    rules.refuse(`The append has ${events} events, and may have ${MOST_AT_ONCE}. Append them in parts.`);
  }
  checkOptions(options);
  if (events === 0 && options.commandId === undefined) rules.refuse('An append needs an event or a command id.');
}

function refuseStreamsTwice(appends: readonly StreamAppend[]): void {
  const streams = new Set<string>();
  for (const { stream } of appends) {
    if (streams.has(stream)) rules.refuse(`The stream ${stream} occurs twice in one append. Put its events together.`);
    streams.add(stream);
  }
}

function refuseIdsTwice(appends: readonly StreamAppend[]): void {
  const ids = new Set<string>();
  for (const { events } of appends) {
    for (const { eventId } of events) {
      const id = eventId?.toLowerCase();
      if (id === undefined) continue;
      if (ids.has(id)) rules.refuse(`The event id ${id} occurs twice in one append. Make a new id for each event.`);
      ids.add(id);
    }
  }
}

function checkStream(append: StreamAppend): void {
  rules.object('An entry of the append', append);
  const { stream, expected, events } = append;
  rules.stream(stream);
  checkExpected(stream, expected);
  rules.list('events', events, stream);
  if (events.slice(0, -1).some((event) => event?.closes)) {
    rules.refuse(`${stream}: an event that closes the stream is followed by another one. Put it last.`);
  }
}

function checkExpected(stream: string, expected: unknown): void {
  if (expected === 'any' || expected === 'no-stream' || expected === 'stream-exists') return;
  if (typeof expected === 'number' && Number.isSafeInteger(expected) && expected >= 0) return;
  rules.refuse(
    `${stream}: expected is ${shown(expected)}. ` +
      `Give a version (a whole number, 0 when the stream is not there), 'any', 'no-stream' or 'stream-exists'.`,
  );
}

function checkEvent(event: NewEvent): void {
  rules.object('An event', event);
  const { eventId, type, schemaVersion, data, metadata, tags } = event;
  if (typeof type !== 'string' || !TYPE.test(type)) {
    rules.refuse(`${shown(type)} is no event type. Give 1 to 200 printable ASCII characters without spaces.`);
  }
  if (eventId !== undefined) rules.uuid('eventId', eventId, type);
  if (schemaVersion !== undefined) rules.wholeNumber('schemaVersion', schemaVersion, 1, MAX_SCHEMA_VERSION, type);
  rules.object('data', data, type);
  if (Array.isArray(data))
    rules.refuse(`${type}: data is a list. Give an object, and the list as one of its properties.`);
  if (metadata !== undefined) checkMetadata(type, metadata);
  if (tags === undefined) return;
  rules.list('tags', tags, type);
  for (const tag of tags) rules.tag(tag);
}

function checkMetadata(type: string, metadata: NonNullable<NewEvent['metadata']>): void {
  rules.object('metadata', metadata, type);
  for (const name of Object.keys(metadata)) {
    const value: unknown = metadata[name as keyof typeof metadata];
    if (value === undefined) continue;
    const label = LABELS.get(name);
    if (label !== undefined) {
      rules.label(label, value, type);
    } else if (name !== 'custom') {
      rules.refuse(`${type}: metadata has no place for ${shown(name)}. Put what is your own into metadata.custom.`);
    } else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      rules.refuse(`${type}: metadata.custom is ${shown(value)}. Give an object.`);
    }
  }
}

function checkOptions({ condition, commandId, result, fingerprint, keepFor }: AppendOptions): void {
  if (commandId !== undefined) rules.uuid('commandId', commandId);
  else {
    const lost =
      (result !== undefined && 'result') ||
      (fingerprint !== undefined && 'fingerprint') ||
      (keepFor !== undefined && 'keepFor');
    if (lost)
      rules.refuse(`${lost} is stored with a command id, and there is none. Give a commandId, or leave it out.`);
  }
  if (fingerprint !== undefined) rules.label('fingerprint', fingerprint);
  if (keepFor !== undefined) rules.wholeNumber('keepFor', keepFor, 1, LONGEST_TIME);
  if (condition === undefined) return;
  rules.object('The condition', condition);
  rules.eventQuery(condition.query);
  rules.position('after of the condition', condition.after);
}
