import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../support/databases.js';
import { removeFolder } from '../support/test-run.mjs';
import { openLog } from './open-log.js';

/** A user without rights, on most systems "nobody". */
const NOBODY = 65_534;

const modes = async (folder: string, of: { folder: number; file?: number }): Promise<void> => {
  if (of.file !== undefined) await chmod(join(folder, 'events.sqlite'), of.file);
  await chmod(folder, of.folder);
};

/** Runs work as a user who is subject to permissions. Root is not, so only root switches to another user. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid!() === 0;
  if (isRoot) process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

describe('files of SQLite that can not be written', () => {
  let folder: string;
  let url: string;

  // Loads what a log loads when it is opened: an ordinary user can't read a clone that is private to root.
  beforeAll(async () => {
    const scratch = await createTestDatabase('sqlite');
    await (await openLog(scratch.url)).close();
    await scratch.drop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftfold-permissions-'));
    url = `sqlite:${join(folder, 'events.sqlite')}`;
  });

  afterEach(async () => {
    await chmod(folder, 0o700);
    await removeFolder(folder);
  });

  it.each<[string, boolean, { folder: number; file?: number }]>([
    ['a folder without a file', false, { folder: 0o555 }],
    ['a folder that can not be entered', false, { folder: 0o000 }],
    ['a folder with a file', true, { folder: 0o555, file: 0o444 }],
    ['a folder whose file alone can be written', true, { folder: 0o555, file: 0o666 }],
    ['a file', true, { folder: 0o777, file: 0o444 }],
  ])('are refused with the cause and what to do: %s', async (_, exists, of) => {
    if (exists) await (await openLog(url)).close();
    await modes(folder, of);

    const attempt = asOrdinaryUser(async () => {
      const opened = await openLog(url);
      try {
        return await opened.log.append([
          { stream: 'sample-1', expected: 'any', events: [{ type: 'samples.made', data: {} }] },
        ]);
      } finally {
        await opened.close();
      }
    });

    await expect(attempt).rejects.toMatchObject({
      name: 'DatabaseUnusableError',
      database: 'events',
      message: expect.stringMatching(
        /events\.sqlite can't be opened: the folder or file can't be written \((EACCES|SQLITE_\w+)\)\. Choose another path, or change/,
      ) as string,
    });
  });
});
