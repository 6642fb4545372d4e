import { sealTag } from '../events/tags.js';
import type { AppendOptions, StreamAppend } from './event-log.js';
import type { CommandRow } from './outcome.js';
import { type PreparedAppend, prepareAppend } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';
import { type StoredTry, isSameAppend } from './stored-try.js';

const KEY = Buffer.from('a key of a log, for tests only..');
const COMMAND = '01890a5d-ac96-774b-bcce-b302099a8057';
const EMAIL = { name: 'email', value: 'ann@example.com' };
const [ONE, TWO, THREE] = [1, 2, 3].map((number) => `01890a5d-ac96-774b-bcce-b302099a800${number}`);

const APPENDS: readonly StreamAppend[] = [
  {
    stream: 'order-1',
    expected: 4,
    events: [
      { eventId: ONE, type: 'orders.placed', data: { total: 1 }, metadata: { causationId: 'c' }, tags: [EMAIL] },
      { eventId: TWO, type: 'orders.paid', data: {} },
    ],
  },
  { stream: 'order-2', expected: 'any', events: [] },
  { stream: 'order-3', expected: 'no-stream', events: [{ eventId: THREE, type: 'orders.placed', data: {} }] },
];
const OPTIONS: AppendOptions = { commandId: COMMAND, result: 'done', fingerprint: 'f' };

const prepare = (options: AppendOptions): PreparedAppend => prepareAppend(APPENDS, options, KEY, { eventSize: 1_000 });
const append = prepare(OPTIONS);

/** Rows as both databases may return them: PostgreSQL returns strings where SQLite returns numbers. */
const EVENTS: readonly EventRow[] = [
  row({ position: '11', version: '5', metadata: '{"causationId":"c"}', data: '{"total":1}' }),
  row({ position: '12', version: '6', event_id: TWO, type: 'orders.paid', correlation_id: TWO }),
  row({ position: '13', version: '1', event_id: THREE, stream: 'order-3', correlation_id: THREE }),
];
const COMMAND_ROW: CommandRow = {
  command_id: COMMAND,
  position: '13',
  versions: '{}',
  result: '"done"',
  fingerprint: 'f',
  recorded_at: '7',
};
const STORED: StoredTry = {
  events: EVENTS,
  tags: new Set([`11 ${sealTag(KEY, EMAIL)}`, `11 another`]),
  command: COMMAND_ROW,
};

it('recognizes what an append stored', () => {
  expect(isSameAppend(append, STORED)).toBe(true);
});

it.each<[string, number, Partial<EventRow>]>([
  ['in another stream', 0, { stream: 'order-9' }],
  ['at another version', 0, { version: '6' }],
  ['at a later version than the one before it', 1, { version: '7' }],
  ['in a stream that already existed', 2, { version: '2' }],
  ['apart from the others', 2, { position: '14' }],
  ['at another time', 2, { recorded_at: '8' }],
  ['of another type', 1, { type: 'orders.placed' }],
  ['of another schema version', 1, { schema_version: 2 }],
  ['with other data', 0, { data: '{"total":2}' }],
  ['with other metadata', 0, { metadata: '{}' }],
  ['by another actor', 0, { actor: 'ann' }],
  ['of another request', 0, { correlation_id: 'r' }],
  ['with another id', 2, { event_id: COMMAND }],
])("treats an event %s as another append's", (_, index, fields) => {
  const events = EVENTS.with(index, { ...EVENTS[index]!, ...fields });
  expect(isSameAppend(append, { ...STORED, events })).toBe(false);
});

it.each<[string, Partial<StoredTry>]>([
  ['no events', { events: [] }],
  ['a part of the events', { events: EVENTS.slice(0, 2) }],
  ['no tags', { tags: new Set() }],
  ['the tag at another event', { tags: new Set([`12 ${sealTag(KEY, EMAIL)}`]) }],
  ['no command id', { command: undefined }],
  ['another result', { command: { ...COMMAND_ROW, result: null } }],
  ['another fingerprint', { command: { ...COMMAND_ROW, fingerprint: 'g' } }],
  ['the command id of another append', { command: { ...COMMAND_ROW, position: '12' } }],
])('treats %s as another append', (_, fields) => {
  expect(isSameAppend(append, { ...STORED, ...fields })).toBe(false);
});

it('does not require a command id that may have expired, or that the append does not have', () => {
  const without = { ...STORED, command: undefined };
  expect(isSameAppend(prepare({ ...OPTIONS, keepFor: 1 }), without)).toBe(true);
  expect(isSameAppend(prepare({}), without)).toBe(true);
});

function row(fields: Partial<EventRow>): EventRow {
  return {
    position: '1',
    stream: 'order-1',
    version: '1',
    event_id: ONE!,
    type: 'orders.placed',
    schema_version: 1,
    data: '{}',
    metadata: '{}',
    actor: 'system',
    correlation_id: ONE!,
    recorded_at: '7',
    ...fields,
  };
}
