import { PassThrough } from 'node:stream';
import { ConsoleLogger, type DynamicModule, Logger } from '@nestjs/common';
import { textIn } from '../testing/text-in.js';
import { Interruption } from './interruption.js';
import { openApp } from './open-app.js';
import { Output } from './output.js';

class SampleModule {
  closed = 0;

  onApplicationShutdown(): void {
    this.closed++;
  }
}

describe('an application that a command opens', () => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const output = new Output(stdout, stderr);
  const module: DynamicModule = { module: SampleModule };
  let interruption: Interruption;
  let sample: SampleModule;

  beforeEach(() => {
    interruption = new Interruption();
  });

  // It uses the process's logger.
  afterAll(() => Logger.overrideLogger(new ConsoleLogger()));

  const open = <T>(work: () => Promise<T>): Promise<T> =>
    openApp(module, output, interruption.signal, (app) => {
      sample = app.get(SampleModule);
      return work();
    });

  it('is closed after the work, and returns its result', async () => {
    expect(await open(() => Promise.resolve('done'))).toBe('done');

    expect(sample.closed).toBe(1);
  });

  it('is closed after work that fails', async () => {
    await expect(open(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(sample.closed).toBe(1);
  });

  it('is closed 5 s after an interruption when the work does not end', async () => {
    let begun = (): void => undefined;
    const working = new Promise<void>((resolve) => (begun = resolve));
    const opened = open(() => {
      begun();
      return new Promise(() => undefined);
    });
    await working;
    // Caught here, because Node reports an unhandled rejection at once.
    const failure = opened.catch((error: unknown) => error);

    jest.useFakeTimers();
    interruption.bySignal('SIGINT');
    await jest.advanceTimersByTimeAsync(4_999);
    expect(sample.closed).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    jest.useRealTimers();

    expect(await failure).toMatchObject({ name: 'AbortError' });
    expect(sample.closed).toBe(1);
  });

  it('logs errors on standard error, and nothing else', async () => {
    await open(() => {
      const logger = new Logger('Sample');
      logger.log('a line');
      logger.warn('a warning');
      logger.error('an error', 'Error: of two lines\n    at somewhere');
      logger.fatal(new Error('a fault'));
      return Promise.resolve();
    });

    expect(textIn(stdout)).toBe('');
    expect(textIn(stderr)).toMatch(/^an error\nError: of two lines\n {4}at somewhere\nError: a fault\n {4}at (.|\n)*$/);
  });
});
