import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { openDatabase, type OpenDatabase } from './open-database.js';

let parent: string;
let opened: OpenDatabase | undefined;
let warnings: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'files-'));
  warnings = [];
  jest.spyOn(Logger.prototype, 'warn').mockImplementation((text: string) => void warnings.push(text));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await opened?.close();
  opened = undefined;
  await rm(parent, { recursive: true });
});

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

async function openAndWrite(path: string): Promise<void> {
  opened = await openDatabase('events', { kind: 'sqlite', path }, { entities: [], migrations: [] });
  await opened.write.statement('create table if not exists t (a text)', []);
}

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('the files of a SQLite database', () => {
  it('and their new folders are accessible to the owner alone', async () => {
    const folder = join(parent, 'a', 'b');
    await openAndWrite(join(folder, 'x.sqlite'));

    expect([await modeOf(join(parent, 'a')), await modeOf(folder)]).toEqual(['700', '700']);
    for (const end of ['', '-wal', '-shm']) expect(await modeOf(join(folder, `x.sqlite${end}`))).toBe('600');
    expect(warnings).toEqual([]);
  });

  it('lose access by others, with a warning; an open folder only gets one warning', async () => {
    const path = join(parent, 'x.sqlite');
    await writeFile(path, '');
    await chmod(path, 0o644);
    await chmod(parent, 0o755);

    await openAndWrite(path);

    for (const end of ['', '-wal', '-shm']) expect(await modeOf(`${path}${end}`)).toBe('600');
    expect(await modeOf(parent)).toBe('755');
    expect(warnings).toEqual([
      expect.stringContaining(`${path} was open`),
      expect.stringContaining(`chmod 700 ${parent}`),
    ]);

    await opened!.close();
    await openAndWrite(join(parent, 'another.sqlite'));

    expect(warnings).toHaveLength(2);
  });
});
