import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import { createAppDatabase } from '../support/app-database.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { OPERATOR } from '../support/test-app.js';
import { ServedApp } from '../support/served-app.js';

let main: string;

beforeAll(async () => {
  ({ main } = await builtApp());
});

afterEach(killLeftovers);

it('a process ends cleanly while streams are open', async () => {
  const database = await createAppDatabase('postgres');
  const app = await ServedApp.start(main, database);
  const { token } = await app.signIn(OPERATOR);
  const open = async (): Promise<{ text: string; ended: boolean }> => {
    const { body } = await fetch(`${app.process.url}/events/live?after=0`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const seen = { text: '', ended: false };
    void (async () => {
      for await (const chunk of body!) seen.text += Buffer.from(chunk as Uint8Array).toString();
      seen.ended = true;
    })();
    return seen;
  };
  const streams = await Promise.all([open(), open()]);
  await eventually(() => expect(streams.every(({ text }) => text.includes('users.user-registered'))).toBe(true));

  expect(await app.process.stop()).toEqual({ code: 0, signal: null });

  await eventually(() => expect(streams.every(({ ended }) => ended)).toBe(true));
  expect(app.process.output).not.toContain('closing their connections');
  expect(app.process.errorLines).toEqual([]);
  await database.drop();
});
