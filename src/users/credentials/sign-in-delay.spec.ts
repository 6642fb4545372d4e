import { SignInDelay } from './sign-in-delay.js';

it.each([
  [0, 0],
  [9, 0],
  [10, 250],
  [11, 500],
  [14, 4_000],
  [1_000, 4_000],
])('after %i wrong sign-ins an account waits %i ms', (wrong, ms) => {
  expect(new SignInDelay().after(wrong)).toBe(ms);
});
