import { open } from 'node:fs/promises';
import { fileOf } from '../../src/databases/database-url.js';
import { runSql } from '../support/stored-rows.js';
import { runScript } from './run-script.js';
import { VerifiedLog } from './verified-log.js';

const PAGE = 4096;
/** Where a page without children has its cells. */
const CELLS = 8;

describe('verify, of SQLite files', () => {
  let verified: VerifiedLog;

  beforeEach(async () => {
    verified = await VerifiedLog.open('sqlite');
    await verified.appendRounds(20, 10);
  });

  afterEach(() => verified.close());

  it.each([
    ['events', 'leftfold_events_type_position', 'log'],
    ['views', 'leftfold_migrations_views', 'read models'],
  ] as const)(
    'finds a page of %s that a disk has damaged, although what verify reads is sound',
    async (name, index, where) => {
      const path = fileOf(verified.databases[name].target)!;
      expect(await verified.verify({ files: true })).toMatchObject({ ok: true, events: 200 });
      await runScript(`sqlite:${path}`, ['pragma wal_checkpoint(truncate)']);
      const [found] = await runSql(`sqlite:${path}`, `select rootpage from sqlite_master where name = '${index}'`);
      await overwrite(path, ((found!.rootpage as number) - 1) * PAGE + CELLS, Buffer.alloc(64, 0xff));

      const { ok, events, findings } = await verified.verify({ files: true });

      expect({ ok, events }).toEqual({ ok: false, events: 200 });
      for (const finding of findings) {
        expect(finding).toMatchObject({ check: 'file', where });
        expect(finding.message).toMatch(new RegExp(`^${path} is damaged: [^*].+$`));
      }
      expect((await verified.verify({ files: false })).findings).toEqual([]);
    },
  );
});

async function overwrite(path: string, at: number, bytes: Buffer): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}
