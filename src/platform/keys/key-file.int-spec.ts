import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { KeyFile } from './key-file.js';

const ROUNDS = 300;
/** Reports what it saw first in each of the files, as soon as there is one. */
const READER = `
  const { readFileSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const readFirst = (path) => {
    for (;;) {
      try { return readFileSync(path, 'utf8'); } catch (error) { if (error.code !== 'ENOENT') throw error; }
    }
  };
  parentPort.postMessage('ready');
  parentPort.postMessage(workerData.map(readFirst));
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});

afterEach(() => rm(folder, { recursive: true }));

const keyFile = (name: string): KeyFile => new KeyFile(join(folder, name), 'A_KEY_FILE');

it('makes a file that this user alone can read, and nothing else', async () => {
  let made = 0;

  expect(keyFile('a.key').make('secret', () => made++)).toEqual(['secret']);

  expect(made).toBe(1);
  expect(await readdir(folder)).toEqual(['a.key']);
  expect(await readFile(join(folder, 'a.key'), 'utf8')).toBe('secret\n');
  if (process.platform !== 'win32') expect((await stat(join(folder, 'a.key'))).mode & 0o777).toBe(0o600);
});

it('leaves the key of another node', async () => {
  keyFile('a.key').make('first', () => undefined);
  let made = 0;

  expect(keyFile('a.key').make('second', () => made++)).toEqual(['first']);

  expect(made).toBe(0);
  expect(await readdir(folder)).toEqual(['a.key']);
});

it('never shows a file without its key', async () => {
  const names = Array.from({ length: ROUNDS }, (_, round) => `${round}.key`);
  const reader = new Worker(READER, { eval: true, workerData: names.map((name) => join(folder, name)) });
  await once(reader, 'message');
  const seen = once(reader, 'message');

  for (const name of names) keyFile(name).make(name, () => undefined);

  expect((await seen)[0]).toEqual(names.map((name) => `${name}\n`));
});

it('says which variable names a file that can not be made', () => {
  expect(() => keyFile('missing/a.key').make('secret', () => undefined)).toThrow(
    /^A_KEY_FILE names a file that can't be made \(ENOENT.*\); name one in a folder that is there/,
  );
});
