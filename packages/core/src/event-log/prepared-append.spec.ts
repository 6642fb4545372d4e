import { sealTag } from '../events/tags.js';
import { EventTooLargeError, InvalidAppendError } from './event-log.errors.js';
import type { AppendOptions, NewEvent, StreamAppend } from './event-log.js';
import { partitionOf } from './partition.js';
import { type PreparedAppend, prepareAppend } from './prepared-append.js';

const KEY = Buffer.from('a key of a log, for tests only..');
const COMMAND = '01890A5D-AC96-774B-BCCE-B302099A8057';
const EMAIL = { name: 'email', value: 'Ann@Example.com' };
const SEALED = sealTag(KEY, EMAIL);

describe('an append', () => {
  it("is converted to the database's form", () => {
    const metadata = { actor: 'ann', correlationId: 'r1', causationId: 'c1' };
    const [stream] = prepare({
      events: [anEvent({ eventId: COMMAND, schemaVersion: 2, metadata, tags: [EMAIL] })],
    }).streams;

    expect(stream).toMatchObject({ stream: 'order-1', partition: partitionOf('order-1'), expected: 'any' });
    expect(stream!.events).toEqual([
      {
        eventId: COMMAND.toLowerCase(),
        type: 'orders.order-placed',
        schemaVersion: 2,
        data: '{"total":"1 €"}',
        metadata: '{"causationId":"c1"}',
        actor: 'ann',
        correlationId: 'r1',
        tags: [SEALED],
        bytes: 17 + 20,
      },
    ]);
  });

  it('gets default ids, actor and correlation id', () => {
    const [one, other] = prepare({ events: [anEvent(), anEvent()] }).streams[0]!.events;

    expect(one!.eventId < other!.eventId).toBe(true);
    expect(one).toMatchObject({
      schemaVersion: 1,
      metadata: '{}',
      actor: 'system',
      correlationId: one!.eventId,
      tags: [],
    });
  });

  it('stores each tag of an event once', () => {
    const spelled = { ...EMAIL, value: ' ANN@example.com' };

    expect(prepare({ events: [anEvent({ tags: [EMAIL, spelled] })] }).streams[0]!.events[0]!.tags).toEqual([SEALED]);
  });

  it('normalizes its command id and serializes its result', () => {
    expect(prepare({}, { commandId: COMMAND, result: { a: 1 } }).command).toEqual({
      id: COMMAND.toLowerCase(),
      result: '{"a":1}',
      fingerprint: null,
      keepFor: null,
    });
    expect(prepare({}, { commandId: COMMAND, result: null }).command!.result).toBe('null');
    expect(prepare({}, { commandId: COMMAND }).command!.result).toBeNull();
    const kept = prepare({}, { commandId: COMMAND, fingerprint: 'f', keepFor: 60_000 }).command;
    expect(kept).toMatchObject({ fingerprint: 'f', keepFor: 60_000 });
    expect(prepare({}).command).toBeUndefined();
  });

  it('counts bytes, not characters', () => {
    expect(prepare({ events: [anEvent({ data: { a: '€' } })] }).bytes).toBe('{"a":"..."}{}'.length);
  });
});

describe('the keys of an append', () => {
  it('include its streams, tags, event ids and command id', () => {
    const prepared = prepare({ events: [anEvent({ eventId: COMMAND, tags: [EMAIL] })] }, { commandId: COMMAND });

    const id = COMMAND.toLowerCase();
    expect(prepared.owns).toEqual(['order-1', `e ${id}`, `c ${id}`]);
    expect(prepared.writes).toEqual(['*', 'y orders.order-placed', `t ${SEALED}`]);
    expect(prepared.reads).toEqual([]);
  });

  it('include a stream that it only checks, and what its condition reads: a tag of each item, or the types, or any event', () => {
    const items = [{ tags: [EMAIL, { name: 'x', value: 'y' }], types: ['a.b', 'a.b'] }, { types: ['a.c', 'a.d'] }, {}];
    const condition = { query: { items }, after: 7 };
    const prepared = prepare({ events: [] }, { commandId: COMMAND, condition });

    expect(prepared.owns).toEqual(['order-1', `c ${COMMAND.toLowerCase()}`]);
    expect(prepared.writes).toEqual([]);
    expect(prepared.reads).toEqual([`t ${SEALED}`, 'y a.c', 'y a.d', '*']);
    expect(prepared.condition).toMatchObject({
      items: [
        { tags: [SEALED, expect.any(String)], types: ['a.b'] },
        { tags: [], types: ['a.c', 'a.d'] },
        { tags: [], types: [] },
      ],
      after: 7,
    });
  });

  it('leave out the id of an event that has none yet', () => {
    expect(prepare({ events: [anEvent()] }).owns).toEqual(['order-1']);
  });

  it('leave out an item whose types no event can have', () => {
    const condition = { query: { items: [{ types: ['no type'] }] }, after: 0 };
    expect(prepare({}, { condition })).toMatchObject({ reads: [], condition: { items: [] } });
  });
});

describe('an append that could never be stored is refused, and the message says why:', () => {
  it.each<[string, Partial<StreamAppend>, AppendOptions]>([
    ['"orders" is no stream name: it has no hyphen', { stream: 'orders' }, {}],
    ['order-1: expected is -1', { expected: -1 }, {}],
    [
      'order-1: expected is "Any". Give a version (a whole number, 0 when the stream is not there), \'any\'',
      { expected: 'Any' as 'any' },
      {},
    ],
    ['needs an event or a command id', { events: [] }, {}],
    ['has 10001 events, and may have 10000', { events: Array.from({ length: 10_001 }, () => anEvent()) }, {}],
    [
      `The event id ${COMMAND.toLowerCase()} occurs twice`,
      { events: [anEvent({ eventId: COMMAND }), anEvent({ eventId: COMMAND })] },
      {},
    ],
    ['"" is no event type', { events: [anEvent({ type: '' })] }, {}],
    ['orders.order-placed: eventId is "7". Give a UUID', { events: [anEvent({ eventId: '7' })] }, {}],
    ['orders.order-placed: schemaVersion is 0', { events: [anEvent({ schemaVersion: 0 })] }, {}],
    ['metadata.actor is "". Give 1 to 255 printable', { events: [anEvent({ metadata: { actor: '' } })] }, {}],
    ['commandId is "7"', {}, { commandId: '7' }],
    ['The query has no item', {}, { condition: { query: { items: [] }, after: 0 } }],
    ['matches nothing', {}, { condition: { query: { items: [{ tags: [EMAIL], types: [] }] }, after: 0 } }],
    [
      'after of the condition is undefined',
      {},
      { condition: { query: { items: [{ tags: [EMAIL] }] }, after: undefined as unknown as number } },
    ],
  ])('%s', (words, append, options) => {
    const attempt = (): PreparedAppend => prepare(append, options);
    expect(attempt).toThrow(InvalidAppendError);
    expect(attempt).toThrow(words);
  });

  it('an event beyond the limit, with the limit and its name', () => {
    const sized = (size: number) =>
      prepare({ events: [anEvent({ data: { text: 'x'.repeat(size - '{"text":""}'.length) } })] });

    const described = (size: number) =>
      prepare({ events: [anEvent({ metadata: { custom: { x: 'x'.repeat(size - '{"custom":{"x":""}}'.length) } } })] });

    expect(sized(100).eventCount).toBe(1);
    expect(described(100).eventCount).toBe(1);
    expect(() => described(101)).toThrow(/has 101 bytes of metadata; the limit is 100/);
    expect(() => sized(101)).toThrow(EventTooLargeError);
    expect(() => sized(101)).toThrow(/"orders\.order-placed" has 101 bytes .* 100 \(eventSizeLimit\)/);
  });
});

function prepare(append: Partial<StreamAppend>, options: AppendOptions = {}): PreparedAppend {
  return prepareAppend([{ stream: 'order-1', expected: 'any', events: [anEvent()], ...append }], options, KEY, {
    eventSize: 100,
  });
}

function anEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return { type: 'orders.order-placed', data: { total: '1 €' }, ...fields };
}
