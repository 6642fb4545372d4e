import { jest } from '@jest/globals';
import { type INestApplication, Logger } from '@nestjs/common';
import { Databases } from '@leftfold/core';
import { Draining } from '../draining.js';
import { stopOnFailover } from './stop-process.js';

beforeEach(() => void jest.useFakeTimers());

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

it('ends the process with code 1 after a failover, once running work is finished, and not before', async () => {
  jest.spyOn(Logger.prototype, 'log').mockReturnValue();
  const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const steps: string[] = [];
  let failOver!: (reason: Error) => void;
  const draining = new Draining();
  const parts = new Map<unknown, unknown>([
    [Databases, { failedOver: new Promise<Error>((resolve) => (failOver = resolve)) }],
    [Draining, draining],
  ]);
  const app = {
    get: (token: unknown) => parts.get(token),
    close: async () => void steps.push(`closed, ${draining.hasBegun ? 'drained' : 'not drained'}`),
  } as unknown as INestApplication;
  const ended = new Promise<void>((resolve) => {
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      steps.push(`exit ${code}`);
      resolve();
      return undefined as never;
    });
  });

  stopOnFailover(app);
  await Promise.resolve();
  expect(steps).toEqual([]);
  failOver(new Error('Another server has taken over.'));
  // Its last lines are on their way: at the end of the process, Pino would repeat one for ever that nobody reads.
  await jest.advanceTimersByTimeAsync(40);
  expect(steps).toEqual(['closed, drained']);
  await jest.advanceTimersByTimeAsync(10);
  await ended;

  // Once all is closed, nothing is left to cut off.
  await jest.advanceTimersByTimeAsync(20_000);
  expect(steps).toEqual(['closed, drained', 'exit 1']);
  expect(error).toHaveBeenCalledWith('Another server has taken over.');
});
