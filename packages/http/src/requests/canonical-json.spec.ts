import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is the same for any order of fields, at every depth', () => {
    const one = canonicalJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } });
    expect(canonicalJson({ a: { c: null, d: [{ x: 2, y: 1 }] }, b: 1 })).toBe(one);
    expect(one).toBe('{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}');
  });

  it('differs when a value, a type or the order of a list does', () => {
    const one = canonicalJson({ a: [1, 2] });
    for (const other of [{ a: [2, 1] }, { a: ['1', 2] }, { a: [1, 2, 3] }, { b: [1, 2] }]) {
      expect(canonicalJson(other)).not.toBe(one);
    }
  });

  it('leaves secrets out, at every depth', () => {
    const without = new Set(['password']);
    expect(canonicalJson({ a: 1, password: 'x', b: { password: 'y' } }, without)).toBe('{"a":1,"b":{}}');
  });

  it('keeps numeric names apart, in any order', () => {
    expect(canonicalJson({ b: 1, 2: 1, 10: 1 })).toBe(canonicalJson({ 10: 1, 2: 1, b: 1 }));
  });
});
