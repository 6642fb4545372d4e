import { jest } from '@jest/globals';
import { NEVER } from 'rxjs';
import { emittedBy } from './saga-methods.js';

afterEach(() => jest.useRealTimers());

it('gives a saga method one second to complete, and the error says what to do instead', async () => {
  jest.useFakeTimers();
  const refusal = emittedBy({ name: 'lowerWhenRaised', run: () => NEVER }, {}, (command) => command).catch(String);

  await jest.advanceTimersByTimeAsync(1_000);

  expect(await refusal).toMatch(/lowerWhenRaised did not complete within 1 s.*emit scheduled/);
});
