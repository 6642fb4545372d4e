import { decodeJson, encodeJson } from './json.js';
import { revive } from './revive.js';

class Base {
  get total(): number {
    return 7;
  }
}
class Sample extends Base {
  constructor(readonly id: string) {
    super();
    throw new Error('The constructor must not run.');
  }
}
Object.defineProperty(Sample.prototype, 'type', { value: 'samples.sample-made', enumerable: false });

it('makes an instance without running its constructor', () => {
  const sample = revive<Sample>(Sample.prototype, { id: '1' });

  expect(sample).toBeInstanceOf(Sample);
  expect(Object.entries(sample)).toEqual([['id', '1']]);
  expect([sample.total, (sample as unknown as { type: string }).type]).toEqual([7, 'samples.sample-made']);
});

it.each(['__proto__', 'constructor', 'type', 'total', 'toString', 'hasOwnProperty'])(
  'keeps a property named %s, and all others, as own properties',
  (name) => {
    const text = `{"id":"1","${name}":{"a":1}}`;

    const sample = revive<Sample>(Sample.prototype, decodeJson(text));

    expect(sample).toBeInstanceOf(Sample);
    expect(Object.keys(sample)).toEqual(['id', name]);
    expect(encodeJson(sample)).toBe(text);
  },
);
