import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { EventRegistry } from '../../events/event-registry.js';
import { MappedLines } from './mapped-lines.js';
import { checkMapping } from './mapping.js';

const CONTEXT = {
  registry: { forType: () => undefined } as unknown as EventRegistry,
  serializer: { newestVersion: (type: string) => (type === 'orders.placed' ? 3 : undefined) } as EventSerializer,
  eventSize: 1_000,
};
const LINE = { stream: 'order-1', type: 'orders.placed', data: { a: 1 }, recordedAt: '2026-01-31T12:00:00.5+01:00' };
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

const read = (line: object | string, mapping: unknown = {}) =>
  new MappedLines('', checkMapping(mapping), CONTEXT).read(typeof line === 'string' ? line : JSON.stringify(line), 9);

it('reads stream, type, data and time, and makes an id that a repeat has again', () => {
  const event = read(LINE);
  expect(event).toMatchObject({
    line: 9,
    stream: 'order-1',
    type: 'orders.placed',
    typeVersion: 3,
    recordedAt: Date.UTC(2026, 0, 31, 11, 0, 0, 500),
    actor: 'system',
    data: '{"a":1}',
    version: undefined,
  });
  expect(event!.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(read(LINE)!.id).toBe(event!.id);
  expect(read({ ...LINE, data: { a: 2 } })!.id).not.toBe(event!.id);
});

it('maps fields, types, streams, ids and times', () => {
  const mapping = {
    fields: { id: 'meta.id', stream: 'no', type: 'name', data: 'body', recordedAt: 'at', actor: 'meta.user' },
    types: { Placed: { type: 'orders.placed', version: 1 }, Ignored: null, Noted: 'orders.noted' },
    streamPrefix: 'order-',
    time: 's',
  };
  const line = { name: 'Placed', no: 17, body: {}, at: 1_700_000_000, meta: { id: ID, user: 'ann' } };
  expect(read(line, mapping)).toMatchObject({
    id: ID,
    stream: 'order-17',
    type: 'orders.placed',
    typeVersion: 1,
    recordedAt: 1_700_000_000_000,
    actor: 'ann',
  });
  expect(read({ ...line, name: 'Noted' }, mapping)).toMatchObject({ type: 'orders.noted', typeVersion: 1 });
  expect(read({ ...line, name: 'Ignored' }, mapping)).toBeUndefined();
  expect(read(' ', mapping)).toBeUndefined();
  expect(read({ ...line, meta: { id: 'n-1' } }, mapping)!.id).toBe(read({ ...line, meta: { id: 'n-1' } }, mapping)!.id);
});

it.each<[string, object | string, unknown, string]>([
  ['no JSON', '{"a"', {}, 'this is no JSON'],
  ['no object', '[]', {}, 'this is no JSON object'],
  ['no type', { ...LINE, type: undefined }, {}, 'type is missing'],
  ['no time zone', { ...LINE, recordedAt: '2026-01-31T12:00:00' }, {}, 'Give a time with its zone'],
  ['a stream without category', { ...LINE, stream: 'x' }, {}, 'is no stream name'],
  ['data that is no object', { ...LINE, data: 7 }, {}, 'data is 7'],
  ['data that is too large', { ...LINE, data: { a: 'x'.repeat(1_000) } }, {}, 'bytes'],
  ['a day that no month has', { ...LINE, recordedAt: '2026-02-30T12:00:00Z' }, {}, 'Give a time with its zone'],
  [
    'a number as a stream that would be rounded',
    JSON.stringify(LINE).replace('"order-1"', '12345678901234567891'),
    { streamPrefix: 'order-' },
    'stream is beyond 2^53',
  ],
  [
    'a number as an id that would be rounded',
    JSON.stringify({ ...LINE, id: 0 }).replace('"id":0', '"id":12345678901234567891'),
    { id: 'field' },
    'id is beyond 2^53',
  ],
])('names the line of %s', (_what, line, mapping, message) => {
  expect(() => read(line, mapping)).toThrow(message);
  expect(() => read(line, mapping)).toThrow(/^Line 9: /);
});

it.each<[unknown, string]>([
  [[], 'the whole of the mapping must be an object'],
  [{ type: {} }, 'has no place for "type"'],
  [{ fields: { at: 'x' } }, 'has no place for "at"'],
  [{ fields: { stream: 1 } }, 'fields.stream of the mapping must be a text'],
  [{ types: { A: 1 } }, 'types.A'],
  [{ time: 'us' }, 'time of the mapping must be'],
])('refuses the mapping %j', (mapping, message) => {
  expect(() => checkMapping(mapping)).toThrow(message);
});
