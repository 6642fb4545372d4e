import fc from 'fast-check';
import type { NewEvent } from '../event-log/event-log.js';
import { UnstorableValueError } from '../events/json.js';
import type { JsonObject, JsonValue } from '../events/json.js';
import { aStream, all, anEvent, toStream } from './samples.js';
import type { LogUnderTest } from './use-log.js';

/** Strings of arbitrary UTF-16 code units, including unassigned ones, NUL, and halves of surrogate pairs. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff_ff }), fc.constantFrom(0, 0xd8_3d, 0xde_00, 0xff_ff, 0x22, 0x5c)))
  .map((units) => String.fromCharCode(...units));

export function describePayloads(test: LogUnderTest): void {
  const roundTrip = async (data: JsonObject): Promise<JsonObject> => {
    const stream = aStream();
    await test.log.append(toStream(stream, anEvent({ data })));
    const [event] = await all(test.nodes[1]!.readStream(stream));
    expect(event!.dataText).toBe(JSON.stringify(data));
    return event!.data;
  };

  it.each([
    ['NUL', '\u0000 and a\u0000b'],
    ['lone surrogates', '\ud83d, \ude00 and \ude00\ud83d'],
    ['a pair', '\ud83d\ude00'],
    ['code points that are no characters', '\ufffe\uffff\u{10ffff}'],
    ['combining marks, kept as they are', 'e\u0301 \u00e9'],
    ['quotes and line ends', `'"\\\r\n\u2028$1 ? $$ --`],
  ])('hold %s', async (_, text) => {
    expect(await roundTrip({ text, [text]: [text] })).toEqual({ text, [text]: [text] });
  });

  it('hold any text, as value and as key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(anyText, anyText), async (data) => {
        const plain = { ...data };
        expect(await roundTrip(plain)).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  it('hold values nested 64 deep', async () => {
    let data: JsonObject = { bottom: true };
    for (let level = 1; level < 64; level++) data = level % 2 ? { deeper: data } : { list: [data, level] };

    expect(await roundTrip(data)).toEqual(data);
  });

  it.each(['__proto__', 'constructor', 'type'])('hold a property named %s', async (name) => {
    const text = `{"${name}":1,"nested":[{"${name}":{"a":1}}]}`;

    expect(JSON.stringify(await roundTrip(JSON.parse(text) as JsonObject))).toBe(text);
  });

  it('hold numbers exactly', async () => {
    const numbers = [0, -1, 0.1 + 0.2, 5e-324, 1e-7, -2.5e20 / 1e5, 2 ** 53 - 1, -(2 ** 53) + 1];

    expect(await roundTrip({ numbers })).toEqual({ numbers });
  });

  it.each([
    ['one-byte characters', 'x'],
    ['three-byte characters', '€'],
  ])('may be as large as the limit, measured in %s', async (_, character) => {
    const limit = test.harness.eventSizeLimit;
    const bytes = (text: string): number => Buffer.byteLength(JSON.stringify({ text }));
    const fitting = character.repeat(Math.floor((limit - bytes('')) / Buffer.byteLength(character)));
    const largest = fitting + 'x'.repeat(limit - bytes(fitting));
    expect(bytes(largest)).toBe(limit);

    expect(await roundTrip({ text: largest })).toEqual({ text: largest });
    await refused(anEvent({ data: { text: `${largest}x` } }), 'EventTooLargeError', `${limit + 1} bytes`);
  });

  it.each<[string, unknown, string]>([
    ['a number beyond 2^53', { order: { total: 2 ** 53 } }, 'data.order.total'],
    ['NaN', { list: [1, Number.NaN] }, 'data.list[1]'],
    ['a bigint', { amount: 1n }, 'data.amount'],
    ['a date', { at: new Date(0) }, 'data.at'],
    ['a hole in a list', { list: [undefined] }, 'data.list[0]'],
  ])('may not hold %s, and the error says where', async (_, data, place) => {
    await refused(anEvent({ data: data as JsonObject }), UnstorableValueError.name, place);
  });

  it('are refused for invalid custom metadata, and the error says where', () =>
    refused(anEvent({ metadata: { custom: { n: [Number.NaN] } } }), UnstorableValueError.name, 'metadata.custom.n[0]'));

  it('are copied when append is called', async () => {
    const [stream, data] = [aStream(), { list: [1] as JsonValue[] }];

    const appended = test.log.append(toStream(stream, anEvent({ data })));
    data.list.push(2);
    await appended;

    expect((await all(test.log.readStream(stream)))[0]!.data).toEqual({ list: [1] });
  });

  /** Expects the append to be refused with none of its events stored, not even the valid one. */
  async function refused(event: NewEvent, name: string, words: string): Promise<void> {
    const head = await test.log.head();
    const attempt = test.log.append([...toStream(aStream()), ...toStream(aStream(), event)]);
    await expect(attempt).rejects.toMatchObject({ name, message: expect.stringContaining(words) as unknown });
    expect(await test.log.head()).toBe(head);
  }
}
