import { exactAmount } from './exact-amount.js';

it.each(['0', '9007199254740991', '9007199254740993', '123456789012345678901234567890'])(
  '%s is written exactly',
  (digits) => expect(JSON.stringify({ amount: exactAmount(digits) })).toBe(`{"amount":${digits}}`),
);

it('is a number when a number can hold it', () => expect(exactAmount('2500')).toBe(2_500));
