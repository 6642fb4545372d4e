import { modelSpec } from '@leftfold/core/testing';
import { CapacityChanged, CourseDefined, CoursesTaken, Seats, StudentSubscribed } from './courses.js';
import { Prices, PriceSet } from './prices.js';
import { PendingSignUp, SignUpConfirmed, SignUpInitiated } from './sign-ups.js';
import { AccountRegistered, RETENTION, UsernameChanged, UsernameHolder } from './usernames.js';

const NOW = new Date('2026-01-31T12:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('a course', () => {
  const seats = (...events: object[]) => modelSpec(Seats.of('maths')).given(...events);
  const anns = new StudentSubscribed('maths', 'ann');

  it.each([
    ['unknown without a definition', [new CourseDefined('physics', 9)], 'unknown'],
    ['full with all seats taken', [new CourseDefined('maths', 1), new StudentSubscribed('maths', 'bob')], 'full'],
    ['full with fewer seats', [new CourseDefined('maths', 2), new CapacityChanged('maths', 0)], 'full'],
    ['subscribed once only', [new CourseDefined('maths', 2), anns], 'subscribed'],
  ])('is %s', (_, events, code) =>
    expect(() => seats(...events).refuseFor('ann')).toThrow(expect.objectContaining({ code })),
  );

  it('has a seat', () =>
    expect(() =>
      seats(new CourseDefined('maths', 2), new StudentSubscribed('maths', 'bob')).refuseFor('ann'),
    ).not.toThrow());

  it('counts for its student', () =>
    expect(modelSpec(CoursesTaken.by('ann')).given(anns, new StudentSubscribed('maths', 'bob')).count).toBe(1));
});

describe('a user name', () => {
  const events = [new AccountRegistered('1', 'ann'), new UsernameChanged('1', 'Anna', 'ann', NOW.toISOString())];
  const holder = (username: string) => modelSpec(UsernameHolder.of(username)).given(...events);

  it.each([
    ['anna', '2', RETENTION, true],
    ['anna', '1', 0, false],
    ['ann', '2', RETENTION - 1, true],
    ['ann', '2', RETENTION, false],
    ['bob', '2', 0, false],
  ])('%s is taken for %s after %i ms: %s', (username, accountId, ms, taken) =>
    expect(holder(username).isTakenFor(accountId, username, later(ms))).toBe(taken),
  );
});

it('a code belongs to its address, in its own case', () => {
  const signUp = (email: string, code: string) =>
    modelSpec(PendingSignUp.of(email, code)).given(
      new SignUpInitiated('ann@example.com', 'aB1', 'Ann', NOW.toISOString()),
      new SignUpInitiated('bob@example.com', 'Ab1', 'Bob', NOW.toISOString()),
      new SignUpConfirmed('bob@example.com', 'Ab1', 'Bob'),
    );

  expect(signUp('Ann@example.com', 'aB1').nameAt(NOW)).toBe('Ann');
  expect(() => signUp('ann@example.com', 'Ab1').nameAt(NOW)).toThrow(expect.objectContaining({ code: 'unknown' }));
  expect(() => signUp('bob@example.com', 'Ab1').nameAt(NOW)).toThrow(expect.objectContaining({ code: 'used' }));
});

it.each([
  [5, 10 * 60_000, true],
  [5, 10 * 60_000 + 1, false],
  [6, 99 * 60_000, true],
  [7, 0, false],
])('the price %d is valid %i ms after the change: %s', (price, ms, valid) => {
  const prices = modelSpec(Prices.of('tea')).given(
    new PriceSet('tea', 5, later(-1).toISOString()),
    new PriceSet('cup', 7, NOW.toISOString()),
    new PriceSet('tea', 6, NOW.toISOString()),
  );

  expect(prices.isValid(price, later(ms))).toBe(valid);
});
