import { type ProvedEvent, readProvedEvent } from './proved-event.js';

const EVENT: ProvedEvent = {
  position: 7,
  stream: 'order-1',
  version: 3,
  eventId: '01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'orders.order-placed',
  schemaVersion: 1,
  recordedAt: '2026-01-31T12:00:00.000Z',
  actor: 'ann',
  correlationId: 'c',
  data: '{"a":1}',
  metadata: '{}',
};
const TEXT = JSON.stringify(EVENT);
const read = (text: string) => readProvedEvent(Buffer.from(text));

describe('the event in a proof', () => {
  it('is read as it was written', () => {
    expect(read(TEXT)).toEqual(EVENT);
  });

  it.each([
    ['digits after the id', TEXT.replace('8057"', '8057ff"')],
    ['an id in capitals', TEXT.replace('bcce', 'BCCE')],
    ['a member of its own', TEXT.replace('"data"', '"approvedBy":"eve","data"')],
    ['a member twice', TEXT.replace('"data"', '"data":"{}","data"')],
    ['the time in another form', TEXT.replace('00.000Z', '00.0004Z')],
    ['a version below 1', TEXT.replace('"version":3', '"version":-3')],
    ['no data', TEXT.replace(',"data":"{\\"a\\":1}"', '')],
  ])('is none with %s, which no record proves', (_what, text) => {
    expect(text).not.toBe(TEXT);
    expect(read(text)).toBeUndefined();
  });
});
