import { Logger } from '@nestjs/common';
import { prettyLines, sentenceOf } from './pretty-lines.js';

const failing = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error('not loaded'), { code }));

it.each([
  [{ context: 'Process', msg: 'Listening.' }, 'Process: Listening.'],
  [{ msg: 'No context.' }, 'No context.'],
  [
    { msg: 'request completed', req: { method: 'POST', path: '/orders' }, res: { statusCode: 201 }, responseTime: 12 },
    'POST /orders 201 in 12 ms: request completed',
  ],
  [{ context: 'Sagas', msg: 'Slow.', req: { method: 'GET', path: '/' } }, 'Sagas: GET /: Slow.'],
])('separate the context, the request and the sentence: %j', (line, text) => {
  expect(sentenceOf(line, 'msg')).toBe(text);
});

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
