import { normaliseTagValue, sealTag, tagsOf } from './tags.js';

const KEY = Buffer.from('a key of a log, for tests only..');

describe('a value', () => {
  it.each([
    ['case', 'Ann@Example.COM', 'ann@example.com'],
    ['surrounding space', '  ann\t\n', 'ann'],
    ['composed and decomposed letters', 'Zoe\u0308', 'zo\u00eb'],
    ['width', '\uff21\uff4e\uff4e', 'ann'],
    ['ligatures', 'o\ufb03ce', 'office'],
    ['letters whose lower case is composed anew', '\u0130', 'i\u0307'],
  ])('has one form for any %s', (_, spelled, normal) => {
    expect(normaliseTagValue(spelled)).toBe(normal);
    expect(normaliseTagValue(normal)).toBe(normal);
    expect(sealTag(KEY, { name: 'x', value: spelled })).toBe(sealTag(KEY, { name: 'x', value: normal }));
  });

  it('keeps significant differences', () => {
    const values = ['ann', 'anne', 'ann b', 'änn', 'ann.', ''];
    expect(new Set(values.map(normaliseTagValue)).size).toBe(values.length);
  });
});

describe('a sealed tag', () => {
  // Stored with events. Never change a vector that fails here; fix the function.
  it('never changes', () => {
    expect(sealTag(KEY, { name: 'email', value: 'Ann@Example.com ' })).toBe(
      'ln_N0E0InFZi29hjv4oB7TgbCyDInF6kJnpdOfWLiLQ',
    );
    expect(sealTag(KEY, { name: 'username', value: 'Zoë' })).toBe('GIwP6oJ52dKU00GIaAGWbB5Xp8vIjAJKz_305zIDJDE');
  });

  it('depends on key, name and value', () => {
    const sealed = [
      sealTag(KEY, { name: 'email', value: 'ann' }),
      sealTag(KEY, { name: 'username', value: 'ann' }),
      sealTag(KEY, { name: 'email', value: 'bob' }),
      sealTag(Buffer.from('the key of another log'), { name: 'email', value: 'ann' }),
    ];
    expect(new Set(sealed).size).toBe(4);
    for (const each of sealed) expect(each).toMatch(/^[\w-]{43}$/);
  });

  it('does not mix the end of a name with the beginning of a value', () => {
    expect(sealTag(KEY, { name: 'ab', value: 'c' })).not.toBe(sealTag(KEY, { name: 'a', value: 'bc' }));
  });
});

describe('tags that a class declares', () => {
  it('are one for each value', () => {
    expect(tagsOf({ email: 'a@b.c', username: ['x', 'y'] })).toEqual([
      { name: 'email', value: 'a@b.c' },
      { name: 'username', value: 'x' },
      { name: 'username', value: 'y' },
    ]);
  });

  it('are absent when there is no value', () => {
    expect(tagsOf({ email: undefined, username: [] })).toEqual([]);
  });
});
