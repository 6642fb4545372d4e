import { Logger } from '@nestjs/common';
import { prettyLines } from './pretty-lines.js';

const failing = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error('not loaded'), { code }));

it('are used when the package is installed', async () => {
  const lines = await prettyLines();

  expect(typeof lines?.write).toBe('function');
});

it('are JSON without the package, and a warning says how to get it', async () => {
  const said: unknown[] = [];
  Logger.overrideLogger({ log: () => undefined, error: () => undefined, warn: (text: unknown) => said.push(text) });
  try {
    expect(await prettyLines(failing('ERR_MODULE_NOT_FOUND'))).toBeUndefined();
  } finally {
    Logger.overrideLogger(['error', 'warn', 'log']);
  }
  expect(said).toEqual([expect.stringMatching(/pino-pretty is not installed.*npm install/)]);
});

it('a package that is installed but broken ends the start', async () => {
  await expect(prettyLines(failing('ERR_DLOPEN_FAILED'))).rejects.toThrow('not loaded');
});
