import { randomUUID } from 'node:crypto';
import { withAnyTag } from '../events/event-query.js';
import { aStream, aTag, all, anEvent, times } from './samples.js';
import type { LogUnderTest } from './use-log.js';

/** Values that JavaScript callers may pass in place of a whole number. */
const NO_NUMBERS = [null, '1', Number.NaN, 1.5, -1, Infinity, 2 ** 53];
const NO_LIMITS = [...NO_NUMBERS, 0];
const NO_TIMES = [null, new Date(Number.NaN), '2026-01-31T12:00:00Z', 1_769_860_800_000];
const NO_UUIDS = [null, '', 'again', 7];
const NO_LABELS = [null, '', 7, 'a\0', 'a\ud83d', 'x'.repeat(256)];
const NO_STREAMS = [
  undefined,
  null,
  7,
  '',
  'sample',
  '-1',
  'sample-',
  'shopping cart-1',
  'sample-\0',
  'sample-\ud83d',
  `sample-${'x'.repeat(249)}`,
];

interface Case {
  readonly of: string;
  readonly values: readonly unknown[];
}

export function describeArguments(test: LogUnderTest): void {
  const stream = aStream();
  const append = (fields: object, options: object = {}) =>
    test.log.append([{ stream, expected: 'any', events: [anEvent()], ...fields }], options);
  const event = (fields: object) => append({ events: [anEvent(), anEvent(fields)] });
  const condition = (fields: object) => append({}, { condition: { query: withAnyTag([aTag()]), after: 0, ...fields } });
  const query = (item: object) => ({ items: [{ tags: [aTag()], ...item }] });
  const slice = (fields: object) => test.log.readAll({ after: 0, limit: 1, ...fields });
  const versions = (options: object) => all(test.log.readStream(stream, options));

  const APPENDS: readonly (Case & { readonly call: (value: never) => Promise<unknown> })[] = [
    { of: 'appends', values: [undefined, null, {}, [null], ['sample-1']], call: (it) => test.log.append(it) },
    { of: 'options', values: [null, 7], call: (it) => test.log.append([], it) },
    { of: 'stream', values: NO_STREAMS, call: (it) => append({ stream: it }) },
    { of: 'expected', values: [undefined, 'Any', '', ...NO_NUMBERS], call: (it) => append({ expected: it }) },
    { of: 'events', values: [undefined, null, {}, [null]], call: (it) => append({ events: it }) },
    { of: 'eventId', values: NO_UUIDS, call: (it) => event({ eventId: it }) },
    { of: 'type', values: [...NO_LABELS, undefined, 'a type', 'x'.repeat(201)], call: (it) => event({ type: it }) },
    { of: 'schemaVersion', values: [...NO_LIMITS, 2 ** 31], call: (it) => event({ schemaVersion: it }) },
    { of: 'data', values: [undefined, null, 'text', 7, []], call: (it) => event({ data: it }) },
    { of: 'metadata', values: [null, 'text'], call: (it) => event({ metadata: it }) },
    { of: 'actor', values: NO_LABELS, call: (it) => event({ metadata: { actor: it } }) },
    { of: 'correlationId', values: NO_LABELS, call: (it) => event({ metadata: { correlationId: it } }) },
    { of: 'causationId', values: NO_LABELS, call: (it) => event({ metadata: { causationId: it } }) },
    { of: 'custom', values: [null, 'text', 7, []], call: (it) => event({ metadata: { custom: it } }) },
    { of: 'unknown metadata', values: ['text', null, {}], call: (it) => event({ metadata: { tenant: it } }) },
    { of: 'tags', values: [null, {}, [null], ['email']], call: (it) => event({ tags: it }) },
    { of: 'name of a tag', values: NO_LABELS, call: (it) => event({ tags: [{ name: it, value: 'x' }] }) },
    { of: 'value of a tag', values: [undefined, null, 7], call: (it) => event({ tags: [{ name: 'x', value: it }] }) },
    { of: 'condition', values: [null, 7], call: (it) => append({}, { condition: it }) },
    { of: 'after', values: [undefined, ...NO_NUMBERS], call: (it) => condition({ after: it }) },
    { of: 'query', values: [undefined, null, {}], call: (it) => condition({ query: it }) },
    { of: 'tags of a query', values: [null, {}, [null]], call: (it) => condition({ query: query({ tags: it }) }) },
    { of: 'types of a query', values: [null, [], [7]], call: (it) => condition({ query: query({ types: it }) }) },
    { of: 'commandId', values: NO_UUIDS, call: (it) => append({}, { commandId: it }) },
    { of: 'fingerprint', values: NO_LABELS, call: (it) => append({}, { commandId: randomUUID(), fingerprint: it }) },
    {
      of: 'keepFor',
      values: [...NO_LIMITS, 8.64e15 + 1],
      call: (it) => append({}, { commandId: randomUUID(), keepFor: it }),
    },
    {
      of: 'values stored with a command id, without one',
      values: [{ result: 'done' }, { result: null }, { fingerprint: 'f' }, { keepFor: 1 }],
      call: (it) => append({}, it),
    },
  ];

  const READS: readonly (Case & { readonly call: (value: never) => Promise<unknown> })[] = [
    { of: 'stream to read', values: NO_STREAMS, call: (it) => all(test.log.readStream(it)) },
    { of: 'options of a stream', values: [null, 7], call: (it) => versions(it) },
    { of: 'fromVersion', values: NO_LIMITS, call: (it) => versions({ fromVersion: it }) },
    { of: 'toVersion', values: NO_NUMBERS, call: (it) => versions({ toVersion: it }) },
    { of: 'until', values: NO_TIMES, call: (it) => versions({ until: it }) },
    { of: 'backwards', values: [null, 'yes', 1], call: (it) => versions({ backwards: it }) },
    { of: 'limit of a stream', values: NO_LIMITS, call: (it) => versions({ limit: it }) },
    { of: 'options of a slice', values: [undefined, null], call: (it) => test.log.readAll(it) },
    { of: 'position to read after', values: [undefined, ...NO_NUMBERS], call: (it) => slice({ after: it }) },
    { of: 'upTo', values: NO_NUMBERS, call: (it) => slice({ upTo: it }) },
    { of: 'limit', values: [undefined, 10_001, ...NO_LIMITS], call: (it) => slice({ limit: it }) },
    { of: 'types', values: [null, 'text', [null]], call: (it) => slice({ types: it }) },
    { of: 'category', values: [null, 7], call: (it) => slice({ category: it }) },
    { of: 'actor', values: [null, 7], call: (it) => slice({ actor: it }) },
    { of: 'correlationId', values: [null, 7], call: (it) => slice({ correlationId: it }) },
    { of: 'from', values: NO_TIMES, call: (it) => slice({ from: it }) },
    { of: 'to', values: NO_TIMES, call: (it) => slice({ to: it }) },
    {
      of: 'partitions',
      values: [null, 7, {}, { first: 0, last: 1024 }, { first: 3, last: 2 }],
      call: (it) => slice({ partitions: it }),
    },
    { of: 'options backwards', values: [undefined, null], call: (it) => test.log.readBackwards(it) },
    { of: 'before', values: NO_LIMITS, call: (it) => test.log.readBackwards({ limit: 1, before: it }) },
    {
      of: 'limit backwards',
      values: [undefined, 10_001, ...NO_LIMITS],
      call: (it) => test.log.readBackwards({ limit: it }),
    },
    { of: 'actor backwards', values: [null, 7], call: (it) => test.log.readBackwards({ limit: 1, actor: it }) },
    { of: 'options of a list', values: [undefined, null], call: (it) => test.log.listStreams(it) },
    {
      of: 'limit of a list',
      values: [undefined, 10_001, ...NO_LIMITS],
      call: (it) => test.log.listStreams({ limit: it }),
    },
    {
      of: 'category of a list',
      values: [null, '', 'a-b', 'a b', 7],
      call: (it) => test.log.listStreams({ limit: 1, category: it }),
    },
    { of: 'prefix', values: NO_LABELS, call: (it) => test.log.listStreams({ limit: 1, prefix: it }) },
    {
      of: 'stream to list after',
      values: NO_STREAMS.filter((each) => each !== undefined),
      call: (it) => test.log.listStreams({ limit: 1, after: it }),
    },
    { of: 'stream to find', values: NO_STREAMS, call: (it) => test.log.findStream(it) },
    { of: 'items', values: [undefined, null, [], [null]], call: (it) => all(test.log.readTagged({ items: it })) },
    { of: 'items, too many', values: [times(101, () => ({}))], call: (it) => all(test.log.readTagged({ items: it })) },
    { of: 'tags', values: [null, {}, [null]], call: (it) => all(test.log.readTagged(query({ tags: it }))) },
    {
      of: 'exact of a tag',
      values: [null, 'yes'],
      call: (it) => all(test.log.readTagged(query({ tags: [{ ...aTag(), exact: it }] }))),
    },
    {
      of: 'range of tagged events',
      values: NO_NUMBERS,
      call: (it) => all(test.log.readTagged(query({}), { after: it, upTo: it })),
    },
    { of: 'types of tagged events', values: [null, []], call: (it) => all(test.log.readTagged(query({ types: it }))) },
    {
      of: 'limit of tagged events',
      values: [null, ...NO_LIMITS],
      call: (it) => all(test.log.readTagged(query({}), { limit: it })),
    },
    { of: 'command id', values: [undefined, ...NO_UUIDS], call: (it) => test.log.findCommand(it) },
    {
      of: 'event ids',
      values: [undefined, null, ['again'], [null], Array.from({ length: 10_001 }, () => randomUUID())],
      call: (it) => test.log.readEvents(it),
    },
    { of: 'time', values: [undefined, ...NO_TIMES], call: (it) => test.log.positionAt(it) },
  ];

  it.each(APPENDS)('of an append are refused before anything is sent: $of', async ({ values, call }) => {
    const head = await test.log.head();
    await expectRefusals('InvalidAppendError', values, call);
    expect(await test.log.head()).toBe(head);
  });

  it.each(READS)('of a read are refused before anything is sent: $of', ({ values, call }) =>
    expectRefusals('InvalidReadError', values, call),
  );

  it('may be at the limits of their ranges', async () => {
    const far = Number.MAX_SAFE_INTEGER;
    const ever = { from: new Date(-8.64e15), to: new Date(8.64e15) };

    expect(await versions({ fromVersion: far, toVersion: far, limit: far })).toEqual([]);
    expect(await versions({ toVersion: 0, until: ever.from })).toEqual([]);
    expect(await slice({ after: far, upTo: far, limit: 10_000, ...ever })).toEqual({ events: [], upTo: far });
    expect((await slice({ limit: 10_000, ...ever })).upTo).toBe(await test.log.head());
    await expect(append({ expected: far })).rejects.toMatchObject({ name: 'ConcurrencyError', expected: far });
    await expect(append({}, { commandId: randomUUID(), keepFor: 8.64e15 })).resolves.toMatchObject({ repeated: false });
  });
}

async function expectRefusals(
  name: string,
  values: readonly unknown[],
  call: (value: never) => Promise<unknown>,
): Promise<void> {
  for (const value of values) {
    const outcome = await call(value as never).then(
      () => 'accepted',
      (error: Error) => error.name,
    );
    expect({ value, outcome }).toEqual({ value, outcome: name });
  }
}
