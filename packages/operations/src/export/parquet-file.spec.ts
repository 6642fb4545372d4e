import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '@leftfold/core';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { ParquetFile } from './parquet-file.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'leftfold-parquet-'))));
afterEach(() => rm(folder, { recursive: true }));

function event(position: number, dataText: string): RecordedEvent {
  return {
    position,
    stream: `note-${position}`,
    category: 'note',
    version: 1,
    eventId: `e${position}`,
    type: 'notes.taken',
    schemaVersion: 1,
    actor: 'ann',
    correlationId: 'c',
    dataText,
    metadataText: '{}',
    recordedAt: new Date(position),
  } as RecordedEvent;
}

it('writes row groups of limited size, to a file of its owner that has its name at the end', async () => {
  const path = join(folder, 'log.parquet');
  const file = await ParquetFile.open(path, 1_000);
  const long = JSON.stringify({ text: 'ä'.repeat(600) });
  for (const position of [1, 2, 3]) await file.add([event(position, long)]);
  await file.add([event(4, '{}')]);
  expect(await readdir(folder)).toEqual(['log.parquet.part']);

  await file.complete();

  expect(file.events).toBe(4);
  expect(await readdir(folder)).toEqual(['log.parquet']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const buffer = await asyncBufferFromFile(path);
  const { row_groups } = await parquetMetadataAsync(buffer);
  expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([2n, 2n]);
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows.map(({ position, data }) => [position, data])).toEqual([
    [1n, long],
    [2n, long],
    [3n, long],
    [4n, '{}'],
  ]);
});

it('leaves nothing behind when it is discarded', async () => {
  const file = await ParquetFile.open(join(folder, 'log.parquet'));
  await file.add([event(1, '{}')]);

  await file.discard();

  expect(await readdir(folder)).toEqual([]);
});
