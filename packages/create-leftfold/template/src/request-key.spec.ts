import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestKeyFrom } from './request-key.js';

const KEY = 'a key of the tests, long enough for them';

describe('the key of requests', () => {
  it('is made in development, and stays the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'my-shop-'));
    try {
      const file = join(folder, 'request.key');
      const key = requestKeyFrom({}, file);

      expect(key.length).toBeGreaterThanOrEqual(32);
      expect(requestKeyFrom({}, file)).toBe(key);
      expect((await stat(file)).mode & 0o077).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is what the environment says, which must say it in production', () => {
    expect(requestKeyFrom({ NODE_ENV: 'production', REQUEST_KEY: KEY })).toBe(KEY);
    expect(() => requestKeyFrom({ NODE_ENV: 'production' })).toThrow('REQUEST_KEY is missing in production; make one');
    expect(() => requestKeyFrom({ REQUEST_KEY: 'short' })).toThrow('REQUEST_KEY needs 32 characters or more');
  });
});
