import { jest } from '@jest/globals';
import { LONG, reportingLong } from './long-work.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('reports once work that may never end, and none that has ended', async () => {
  const report = jest.fn();
  let end: () => void = () => undefined;
  const work = reportingLong(() => new Promise<void>((resolve) => (end = resolve)), report);
  await jest.advanceTimersByTimeAsync(LONG - 1);
  expect(report).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(2 * LONG);
  expect(report).toHaveBeenCalledTimes(1);
  end();
  await work;

  await expect(reportingLong(() => Promise.reject(new Error('no')), report)).rejects.toThrow('no');
  await jest.advanceTimersByTimeAsync(2 * LONG);
  expect(report).toHaveBeenCalledTimes(1);
});
