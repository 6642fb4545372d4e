import fc from 'fast-check';
import { UnstorableValueError, decodeJson, encodeJson } from './json.js';

class Placed {
  constructor(
    readonly id: string,
    readonly note?: string,
  ) {}
}

describe('an encoded value', () => {
  it('is decoded to the same value', () => {
    const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 6 });
    let encoded = 0;
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(storable(value));
        expect(decodeJson(encodeJson(value))).toEqual(value);
        encoded += 1;
      }),
      { numRuns: 200 },
    );
    expect(encoded).toBeGreaterThan(100);
  });

  it('keeps the order of the keys', () => {
    expect(encodeJson({ z: 1, a: { y: [], b: null } })).toBe('{"z":1,"a":{"y":[],"b":null}}');
  });

  it('may be an instance at the root, whose missing properties stay missing', () => {
    expect(encodeJson(new Placed('1'))).toBe('{"id":"1"}');
    expect(encodeJson({ nested: { gone: undefined } })).toBe('{"nested":{}}');
  });

  it('may have no prototype', () => {
    expect(encodeJson({ nested: Object.create(null) as object })).toBe('{"nested":{}}');
  });

  it.each([
    ['text', '"text"'],
    [0, '0'],
    [null, 'null'],
    [[1], '[1]'],
    [false, 'false'],
  ])('may be %j itself', (value, text) => {
    expect(encodeJson(value)).toBe(text);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'type', 'toString', 'hasOwnProperty', 'toJSON'])(
    'may have a property named %s, at the root and below',
    (name) => {
      const text = `{"${name}":1,"nested":{"list":[{"${name}":{"a":null}}],"${name}":"x"}}`;
      expect(encodeJson(decodeJson(encodeJson(decodeJson(text))))).toBe(text);
    },
  );

  it('holds any code unit, escaped if it is no character', () => {
    expect(encodeJson('\u0000 \ud83d')).toBe(String.raw`"\u0000 \ud83d"`);
  });

  it.each([2 ** 53 - 1, -(2 ** 53) + 1, 0.1, 5e-324, 123456789.125])('holds the number %d', (number) => {
    expect(decodeJson(encodeJson({ number }))).toEqual({ number });
  });

  it('may be nested 128 deep', () => {
    expect(decodeJson(encodeJson(nested(128)))).toEqual(nested(128));
  });
});

describe('a value that JSON would change is refused, and the message names the path', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;

  it.each<[unknown, string, string]>([
    [{ a: { b: [1, Number.NaN] } }, 'data.a.b[1]', 'NaN is no JSON number'],
    [{ a: -Infinity }, 'data.a', '-Infinity is no JSON number'],
    [{ total: 2 ** 53 }, 'data.total', 'beyond 2^53'],
    [{ total: -1e300 }, 'data.total', 'Store it as a string'],
    [{ n: 1n }, 'data.n', 'a bigint is no JSON value'],
    [{ list: [{}, undefined] }, 'data.list[1]', 'Use null'],
    // oxlint-disable-next-line no-sparse-arrays -- a hole is what this is about
    [{ list: [1, , 3] }, 'data.list[1]', 'Use null'],
    [undefined, 'data', 'Use null'],
    [{ run: () => 1 }, 'data.run', 'a function is no JSON value'],
    [{ s: Symbol('s') }, 'data.s', 'a symbol is no JSON value'],
    [{ at: new Date(0) }, 'data.at', 'toJSON'],
    [{ placed: new Placed('1') }, 'data.placed', 'a Placed would come back as a plain object'],
    [{ map: new Map() }, 'data.map', 'a Map would come back as a plain object'],
    [{ boxed: Object(1) as unknown }, 'data.boxed', 'a Number would come back'],
    [decodeJson('{"__proto__":{"n":1e300}}'), 'data.__proto__.n', 'beyond 2^53'],
    [{ odd: Object.assign(new Placed('1'), { constructor: null }) }, 'data.odd', 'a Placed would come back'],
    [new Date(0), 'data', 'toJSON'],
    [nested(129), 'data.n.n', 'nested deeper than 128'],
    [circle, 'data.self.self', 'or in a circle'],
  ])('%#', (value, path, words) => {
    const encode = (): string => encodeJson(value);
    expect(encode).toThrow(UnstorableValueError);
    expect(encode).toThrow(words);
    expect(encode).toThrow(path);
  });

  it('with another name for the root', () => {
    expect(() => encodeJson({ n: Number.NaN }, 'result')).toThrow(/^result\.n can't be stored: NaN/);
  });
});

function nested(depth: number): unknown {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < depth; level++) value = { n: value };
  return value;
}

/** JSON has no -0 and rounds large integers. Everything else that fast-check makes can be stored. */
function storable(value: unknown): boolean {
  if (typeof value === 'number')
    return !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value !== 'object' || value === null || Object.values(value).every(storable);
}
