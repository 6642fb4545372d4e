import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { natsOptions } from './nats-options.js';

// A seed of the documentation of NATS; nobody uses it.
const SEED = 'SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY';
const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
let folder: string;
let file: string;

const read = () =>
  natsOptions({
    servers: ['nats://broker'],
    categories: undefined,
    login: { kind: 'nkey', variable: 'NATS_NKEY_FILE', file },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leftfold-login-'));
  file = join(folder, 'nats.nk');
  warnings.mockClear();
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => warnings.mockRestore());

it('reads the file for every connection', async () => {
  await writeFile(file, SEED, { mode: 0o600 });
  const { login } = await read();
  await writeFile(file, 'another');

  expect(login!.read()).toBe('another');
  expect(warnings).not.toHaveBeenCalled();

  await rm(file);
  expect(() => login!.read()).toThrow(/^NATS_NKEY_FILE names a file that is missing/);
});

it('warns once when every user has access to it, and not when a group has', async () => {
  await writeFile(file, SEED);
  await chmod(file, 0o644);
  const { login } = await read();
  login!.read();

  expect(warnings.mock.calls).toEqual([
    [expect.stringMatching(/NATS_NKEY_FILE is open to every user of this machine \(mode 644\)/)],
  ]);

  await chmod(file, 0o640);
  await read();
  expect(warnings).toHaveBeenCalledTimes(1);
});

it('refuses a missing file, a folder and a text without a login, with the name of the variable', async () => {
  await expect(read()).rejects.toThrow(/^NATS_NKEY_FILE names a file that is missing: .+nats\.nk$/);

  await writeFile(file, 'SUMMER-IS-OVER');
  await expect(read()).rejects.toThrow(/^NATS_NKEY_FILE names a file without a login\. The NKey (?!.*SUMMER)/);

  file = folder;
  await expect(read()).rejects.toThrow(/^NATS_NKEY_FILE names a file that can't be read/);
});
