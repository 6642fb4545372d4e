import { failureOf } from './failure.js';

class Odd extends Error {
  override readonly message = { of: 'an object' } as never;
  override readonly stack = 5 as never;
}

class Throwing extends Error {
  override get message(): string {
    throw new Error('no message');
  }
}

const UNKNOWN = 'What was thrown does not say why. Throw an Error.';

describe('the description of a thrown value', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('no answer'), 'no answer'],
    ['a text', 'no answer', 'no answer'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('no'), 'Symbol(no)'],
    ['a NUL', new Error('a\0b'), 'a\uFFFDb'],
    ['half of a surrogate pair', 'a\ud800b', 'a\uFFFDb'],
    ['a message that is no text', new Odd(), UNKNOWN],
    ['a message that throws', new Throwing(), UNKNOWN],
    ['an object that is no text', Object.create(null), UNKNOWN],
  ])('is text that can be stored, for %s', (_what, thrown, message) => {
    expect(failureOf(thrown).message).toBe(message);
  });

  it('is shortened when it is long, without splitting a surrogate pair', () => {
    const { message, stack } = failureOf(Object.assign(new Error('😀'.repeat(9_000)), { stack: 's'.repeat(20_000) }));

    expect([message.length, stack!.length]).toEqual([10_000, 10_000]);
    expect(message).not.toMatch(/\p{Cs}/u);
    expect([message.at(-1), stack!.at(-1)]).toEqual(['…', '…']);
  });

  it('has a stack if there is one', () => {
    expect(failureOf(new Error('x')).stack).toContain('failure.spec');
    expect(failureOf(new Odd()).stack).toBeNull();
    expect(failureOf('x').stack).toBeNull();
  });
});
