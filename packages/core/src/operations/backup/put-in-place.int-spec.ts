import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupExistsError } from './backup.errors.js';
import { putInPlace } from './put-in-place.js';

const noHardLinks = async (): Promise<void> => {
  throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
};

describe.each([
  ['with hard links', undefined],
  ['without hard links', noHardLinks],
])('a finished file, %s', (_name, hardLink) => {
  let folder: string;
  let part: string;
  let to: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'put-in-place-'));
    [part, to] = [join(folder, '.part'), join(folder, 'file')];
    await writeFile(part, 'new');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('gets its name', async () => {
    await putInPlace(part, to, hardLink);

    expect(await readdir(folder)).toEqual(['file']);
    expect(await readFile(to, 'utf8')).toBe('new');
  });

  it('replaces no other file', async () => {
    await writeFile(to, 'of another process');

    await expect(putInPlace(part, to, hardLink)).rejects.toThrow(BackupExistsError);

    expect(await readFile(to, 'utf8')).toBe('of another process');
  });
});
