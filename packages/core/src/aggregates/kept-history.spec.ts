import type { JsonObject } from '../events/json.js';
import { KeptHistory } from './kept-history.js';
import { KeptStreams } from './kept-streams.js';

class Noted {
  declare readonly note: string;
}

function historyOf(events: number, note = 'n'): KeptHistory {
  const history = new KeptHistory();
  for (let version = 1; version <= events; version++) add(history, version, { note });
  return history;
}

function add(history: KeptHistory, version: number, data: JsonObject): void {
  const payload = {
    position: version,
    version,
    eventId: `${version}`,
    type: 'noted',
    schemaVersion: 1,
    dataText: JSON.stringify(data),
  };
  history.add(payload, { prototype: Noted.prototype, data });
}

it.each([
  ['flat data', '{"note":"n"}'],
  ['a text with braces', '{"note":"{[n]}"}'],
  ['a list', '{"notes":["n"]}'],
  ['an object', '{"note":{"text":"n"}}'],
  ['objects in lists', '{"lines":[{"sku":"a","price":{"amount":1}}],"none":null}'],
  ['a name that can’t be assigned, of a flat value', '{"__proto__":1,"note":"n"}'],
  ['a name that is an accessor of objects', '{"__proto__":{"lines":[1]},"constructor":{"x":1}}'],
])('makes an event anew for each fold, of %s', (_, text) => {
  const history = new KeptHistory();
  add(history, 1, JSON.parse(text) as JsonObject);
  const first = history.eventAt(1)!;
  expect(first).toBeInstanceOf(Noted);
  expect(JSON.stringify(first)).toBe(text);

  overwrite(first);

  expect(JSON.stringify(history.eventAt(1))).toBe(text);
});

/** Changes every value, at every depth. */
function overwrite(value: object): void {
  for (const name of Object.keys(value)) {
    const part = Object.getOwnPropertyDescriptor(value, name)!.value as unknown;
    if (typeof part === 'object' && part !== null) overwrite(part);
    Object.defineProperty(value, name, { value: 'overwritten' });
  }
}

it('keeps each event once when two loads add the same ones', () => {
  const history = historyOf(3);
  add(history, 3, { note: 'again' });
  add(history, 5, { note: 'too far' });
  expect(history.version).toBe(3);
});

it.each([
  ['that event, with its id', {}, true],
  ['another version', { version: 4 }, false],
  ['another position', { position: 4 }, false],
  ['another type', { type: 'other' }, false],
  ['another schema version', { schemaVersion: 2 }, false],
  ['other data', { dataText: '{"note":"x"}' }, false],
])('takes the id of its last event from what is stored there: %s', (_, change, isSame) => {
  const history = historyOf(3);
  const end = { ...history.end!, eventId: 'id', ...change };
  expect(history.identify(end)).toBe(isSame);
  expect(history.end!.eventId).toBe(isSame ? 'id' : '3');
  expect(history.identify(undefined)).toBe(false);
});

it('is worth keeping from 32 events on', () => {
  expect([31, 32].map((events) => KeptHistory.isWorthwhile(events))).toEqual([false, true]);
});

describe('within its limits', () => {
  const size = historyOf(40).size;

  it('keeps the streams that were used last, by memory', () => {
    const histories = new KeptStreams(10 * size);
    for (let stream = 1; stream <= 12; stream++) {
      histories.keep(`s-${stream}`, historyOf(40));
      histories.keep('s-1', histories.history('s-1')!);
    }
    const kept = Array.from({ length: 12 }, (_, index) => index + 1).filter((each) => histories.history(`s-${each}`));
    expect(kept).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('keeps the streams that were used last, by number', () => {
    const histories = new KeptStreams(1_000 * size, 2);
    for (const stream of ['a', 'b', 'c']) histories.keep(stream, historyOf(40));
    expect(['a', 'b', 'c'].filter((each) => histories.history(each))).toEqual(['b', 'c']);
  });

  it('counts a history again after it has grown', () => {
    const histories = new KeptStreams(10 * size);
    const growing = historyOf(40);
    histories.keep('growing', growing);
    for (let other = 1; other <= 9; other++) histories.keep(`s-${other}`, historyOf(40));
    add(growing, 41, { note: 'n'.repeat(100) });
    histories.keep('growing', growing);
    expect(['growing', 's-1', 's-2', 's-9'].filter((each) => histories.history(each))).toEqual([
      'growing',
      's-2',
      's-9',
    ]);
  });

  it('does not keep a stream that takes more than an eighth', () => {
    const histories = new KeptStreams(10 * size);
    histories.keep('s', historyOf(40, 'n'.repeat(1_000)));
    expect(histories.history('s')).toBeUndefined();
  });

  it('frees what is forgotten', () => {
    const histories = new KeptStreams(10 * size);
    for (let stream = 1; stream <= 100; stream++) {
      histories.keep(`s-${stream}`, historyOf(40));
      histories.forget(`s-${stream}`);
    }
    for (let stream = 1; stream <= 10; stream++) histories.keep(`s-${stream}`, historyOf(40));
    expect(histories.history('s-1')).toBeDefined();
  });

  it('knows the streams that were loaded last, also when there are more than it may keep', () => {
    const histories = new KeptStreams(10 * size, 2);
    expect(histories.wasLoaded('a')).toBe(false);
    for (const stream of ['a', 'b', 'c', 'd', 'e']) histories.noteLoad(stream);
    expect(['a', 'b', 'c', 'd', 'e'].filter((each) => histories.wasLoaded(each))).toEqual(['c', 'd', 'e']);
  });
});
