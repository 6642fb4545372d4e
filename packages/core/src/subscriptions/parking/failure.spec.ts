import { RecordedEvent } from '../../event-log/recorded-event.js';
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
    [
      'an error with causes',
      new TypeError('fetch failed', { cause: new Error('connect failed', { cause: new Error('refused') }) }),
      'fetch failed (cause: connect failed: refused)',
    ],
    [
      'a message that tells the cause',
      new Error('no mail: refused', { cause: new Error('refused') }),
      'no mail: refused',
    ],
    [
      'causes that repeat each other',
      new Error('no mail: refused.', { cause: new Error('refused', { cause: new Error('refused by 127.0.0.1:25') }) }),
      'no mail: refused. (cause: refused by 127.0.0.1:25)',
    ],
    ['a cause that is no error', new Error('no mail', { cause: 'refused' }), 'no mail'],
    ['a cause whose message throws', new Error('no mail', { cause: new Throwing() }), 'no mail'],
    [
      'several errors without a message of their own',
      new AggregateError(
        [new Error('connect ECONNREFUSED ::1:25'), new Error('connect ECONNREFUSED 127.0.0.1:25')],
        '',
      ),
      'connect ECONNREFUSED ::1:25; connect ECONNREFUSED 127.0.0.1:25',
    ],
    ['a code without a message', Object.assign(new Error(), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['neither a code nor a message', new RangeError(), 'RangeError'],
  ])('is text that can be stored, for %s', (_what, thrown, message) => {
    expect(failureOf(thrown).message).toBe(message);
  });

  it('is shortened when it is long, without splitting a surrogate pair', () => {
    const { message, stack } = failureOf(Object.assign(new Error('😀'.repeat(9_000)), { stack: 's'.repeat(20_000) }));

    expect([message.length, stack!.length]).toEqual([10_000, 10_000]);
    expect(message).not.toMatch(/\p{Cs}/u);
    expect([message.at(-1), stack!.at(-1)]).toEqual(['…', '…']);
  });

  it('ends when causes lead in a circle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(failureOf(error).message).toBe('a (cause: b)');
  });

  it('keeps what a cause quotes out', () => {
    const error = new Error('no mail', { cause: new Error('no mailbox for Ann Meier') });
    expect(failureOf(error, { data: { name: 'Ann Meier' } }).message).toBe('no mail (cause: no mailbox for [data])');
  });

  it('has a stack if there is one', () => {
    expect(failureOf(new Error('x')).stack).toContain('failure.spec');
    expect(failureOf(new Odd()).stack).toBeNull();
    expect(failureOf('x').stack).toBeNull();
  });
});

it('has nothing of the fields of an event that are declared personal, also no telephone number', () => {
  const fields = [{ subject: 'ann', path: 'phone', value: '+4917012345678' }];
  const decrypted = { data: { phone: '+4917012345678' }, forgotten: [], fields, keys: new Map() };
  const event = new RecordedEvent([1, 'user-ann', 1, 'e', 'users.moved', 1, '{}', '{}', 'a', 'c', 0], () => decrypted);

  const { message, stack } = failureOf(new Error('no call to +4917012345678'), event);

  expect(message).toBe('no call to [data]');
  expect(stack).not.toContain('4917012345678');
});
