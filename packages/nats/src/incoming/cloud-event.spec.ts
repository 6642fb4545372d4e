import { readCloudEvent, storyOf } from './cloud-event.js';

const EVENT = { specversion: '1.0', id: '7', source: '/billing', type: 'billing.invoice-paid' };

const read = (value: unknown) => readCloudEvent(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

it('reads a CloudEvent with its extensions', () => {
  const event = { ...EVENT, data: { invoice: 'i-1' }, tenant: 'x' };
  expect(read(event)).toEqual(event);
});

it.each<[string, unknown, string]>([
  ['no JSON', 'secret, not JSON', 'it is no JSON.'],
  ['an empty message', '', 'it is no JSON.'],
  ['a list', [EVENT], 'it is JSON, but no object.'],
  ['null', null, 'it is JSON, but no object.'],
  ['another version', { ...EVENT, specversion: '0.3' }, 'its "specversion" is not "1.0".'],
  ['no version', { ...EVENT, specversion: undefined }, 'its "specversion" is not "1.0".'],
  ['no id', { ...EVENT, id: undefined }, 'its "id" is no text'],
  ['an empty id', { ...EVENT, id: '' }, 'its "id" is no text'],
  ['an id that is a number', { ...EVENT, id: 7 }, 'its "id" is no text'],
  ['a NUL in the source', { ...EVENT, source: 'a\0b' }, 'its "source" is no text'],
  [
    'half of a surrogate pair in the type',
    `{"specversion":"1.0","id":"7","source":"s","type":"\\ud800"}`,
    'its "type"',
  ],
  ['an id without end', { ...EVENT, id: 'x'.repeat(2_001) }, 'its "id" is no text'],
])('refuses %s, and does not repeat it', (_what, message, sentence) => {
  expect(() => read(message)).toThrow(sentence);
  expect(() => read(message)).not.toThrow('secret');
});

it('refuses what is no UTF-8', () => {
  expect(() => readCloudEvent(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('it is no UTF-8.');
});

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it.each<[unknown, unknown, object]>([
  ['order-7:a.b_c', TRACE, { correlationId: 'order-7:a.b_c', traceparent: TRACE }],
  [undefined, undefined, {}],
  [7, {}, {}],
  ['two words', '00-0-0-01', {}],
  ['x'.repeat(129), TRACE.replace(/^00/, 'ff'), {}],
])('takes over the ids %j and %j only if they are safe', (correlationid, traceparent, story) => {
  expect(storyOf(read({ ...EVENT, correlationid, traceparent }))).toEqual(story);
});
