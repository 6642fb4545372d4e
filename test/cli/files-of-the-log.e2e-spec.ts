import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey, parseSigningKey, Sealed } from '@leftfold/proofs';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { copyRows, runSql } from '../../packages/core/test/support/stored-rows.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

const KEY = newSigningKey('log.example');
const { verifier: PUBLIC } = parseSigningKey(KEY);
const NOWHERE = { url: 'postgres://nobody@127.0.0.1:1/nothing', viewsUrl: 'postgres://nobody@127.0.0.1:1/nothing' };
/** Two of the first operator, and three of Ann: registered, signed in, renamed. */
const EVENTS = 5;

/** What is exported, imported, found and refused is proved in the packages; here, that a person gets there. */
describe('files of the log', () => {
  let database: TestDatabase;
  let app: TestApp;
  let ann: Person;
  let env: Record<string, string>;
  let exported: string;
  const file = (name: string): string => join(database.folder, name);

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    env = { PROOF_KEY: KEY, PROOF_MEMORY: file('last') };
    app = await TestApp.start(database, env);
    ann = await app.customer();
    await ann.change('username', 'Ann Archer');
    await app.nest.get(Sealed, { strict: false }).waitFor(EVENTS, 20_000);
    exported = file('log.ndjson');
    await run(database, `log export ${exported} --checkpoint`, env);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  describe('leftfold log export', () => {
    it('says what the file has, and whether it can be verified', async () => {
      const plain = file('users.ndjson.gz');
      expect(await run(database, `log export ${plain} --category user --until 3`, env)).toEqual({
        code: 0,
        stdout: `Exported 3 events, of the positions 1 to 3, to ${plain}\nIt can't be verified. With --checkpoint it could.\n`,
        stderr: '100 %  3 of 3 positions\n',
      });

      const { code, stdout } = await run(database, `log export ${exported} --checkpoint`, env);

      expect({ code, lines: stdout.split('\n') }).toEqual({
        code: 0,
        lines: [
          `${exported} was complete already, with ${EVENTS} events, of the positions 1 to ${EVENTS}. Nothing was written.`,
          'Anyone with the public key can verify it: leftfold proofs verify-export.',
          '',
        ],
      });
    });

    it('goes on with an interrupted export, and refuses a complete one that is older than the log', async () => {
      const [older, part] = [file('older.ndjson'), file('part.ndjson')];
      await run(database, `log export ${older} --until 3`, env);
      const whole = await readFile(older, 'utf8');
      // Without the last line, which has the end.
      await writeFile(part, whole.slice(0, whole.trimEnd().lastIndexOf('\n') + 1));

      const { stdout } = await run(database, `log export ${part}`, env);

      expect(stdout).toContain('\nAn export that had ended at position 3 was continued.\n');
      expect(await readFile(part, 'utf8')).toBe(whole);
      expectRefused(
        await run(database, `log export ${older}`, env),
        `${older} is complete up to position 3, and the log goes on up to ${EVENTS}. Give another file for a newer export.`,
      );
      expect((await run(database, `log export ${older} --until 3`, env)).stdout).toMatch(
        /^\S+ was complete already, with 3 events, of the positions 1 to 3\. Nothing was written\.\n/,
      );
      expect(await readFile(older, 'utf8')).toBe(whole);
    });

    it('says that no event is within the bounds', async () => {
      const empty = file('empty.ndjson');
      expect((await run(database, `log export ${empty} --until 2000-01-01T00:00:00Z`, env)).stdout).toMatch(
        `Exported 0 events, as none is within the bounds, to ${empty}\n`,
      );
    });

    it('refuses a file that is another export, a folder that is not there, and an end after the last event', async () => {
      const before = await readFile(exported);
      expectRefused(
        await run(database, `log export ${exported}`, env),
        `${exported} is an export with a checkpoint. Give the same options to go on with it, or another file.`,
      );
      expect(await readFile(exported)).toEqual(before);
      expectRefused(
        await run(database, `log export ${file('no/log.ndjson')}`, env),
        /no\/log\.ndjson: .*no such file or directory/,
      );
      expectRefused(
        await run(database, `log export ${file('new.ndjson')} --until 1000`, env),
        `The log ends at position ${EVENTS}, before 1000.`,
      );
    });
  });

  describe('leftfold log export, as Parquet', () => {
    it('writes the events with the texts that are stored, and no file that is there', async () => {
      const parquet = file('log.parquet');
      expect(await run(database, `log export ${parquet} --after 1`, env)).toEqual({
        code: 0,
        stdout: `Exported 4 events, of the positions 2 to ${EVENTS}, to ${parquet}\nIt can't be verified or imported: an export to a file .ndjson can.\n`,
        stderr: `100 %  ${EVENTS} of ${EVENTS} positions\n`,
      });

      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(parquet) });
      const stored = await runSql(
        database.url,
        `select position, stream, version, event_id, type, schema_version, data, metadata, actor, correlation_id, recorded_at
           from leftfold_events where position > 1 order by position`,
      );
      expect(rows).toEqual(
        stored.map((row) => ({
          ...row,
          position: BigInt(row.position as number),
          version: BigInt(row.version as number),
          recorded_at: new Date(row.recorded_at as number),
          category: 'user',
        })),
      );

      expectRefused(
        await run(database, `log export ${parquet}`, env),
        `${parquet} is there already. Delete it, or give another file.`,
      );
      expectRefused(
        await run(database, `log export ${file('no/log.parquet')}`, env),
        /no\/log\.parquet: .*no such file or directory/,
      );
      expectRefused(
        await run(database, `log export ${file('sealed.parquet')} --checkpoint`, env),
        'A Parquet file has no checkpoint. Leave --checkpoint out, or export to a file .ndjson.',
      );
    });
  });

  describe('leftfold proofs verify-export', () => {
    const verify = (name: string, key = PUBLIC) => run(NOWHERE, `proofs verify-export ${file(name)} --key ${key}`);

    it('verifies the file without a database, and names a line that was changed', async () => {
      const sound = await verify('log.ndjson');
      expect({ ...sound, stdout: sound.stdout.split('\n') }).toEqual({
        code: 0,
        stdout: [
          `The file has all ${EVENTS} events of the positions 1 to ${EVENTS}, as they were sealed.`,
          expect.stringMatching(/^Checkpoint: 5 events of leftfold\/\S+, signed by log\.example\+\w+\.$/),
          '',
        ],
        stderr: '100 %  5 of 5 positions\n',
      });

      const text = await readFile(exported, 'utf8');
      await writeFile(file('changed.ndjson'), text.replace('"actor":"anonymous"', '"actor":"somebody"'));
      const changed = await verify('changed.ndjson');

      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(
        /^The file is NOT as the log was sealed: 1 finding\.\n {2}line 5: The event at position 3 \(user-\S+ version 1, users\.user-registered\) was changed/,
      );
    });

    it('refuses another key, and a file without a checkpoint', async () => {
      const other = await verify('log.ndjson', parseSigningKey(newSigningKey('other')).verifier);
      expect(other).toMatchObject({ code: 1, stdout: '' });
      expect(other.stderr).toMatch(/None of the known keys has signed it\. Signatures: log\.example\+\w+\.$/m);

      await run(database, `log export ${file('plain.ndjson')}`, env);
      expectRefused(
        await verify('plain.ndjson'),
        'The file was exported without a checkpoint. Export it with --checkpoint.',
      );
    });
  });

  describe('leftfold log import', () => {
    let target: TestDatabase;

    beforeAll(async () => {
      target = await createTestDatabase('sqlite');
    });

    afterAll(() => target.drop());

    it('says what it would do before there is a log, and makes nothing', async () => {
      const nowhere = { url: `sqlite:${file('no')}/events.sqlite`, viewsUrl: `sqlite:${file('no')}/views.sqlite` };
      const line = { stream: 'user-1', type: 'users.user-logged-in', data: {}, recordedAt: '2020-01-01T00:00:00Z' };
      await writeFile(file('others.ndjson'), `${JSON.stringify(line)}\n`);
      const tried = (name: string) => run(nowhere, `log import ${file(name)} --dry-run`, env);

      const { stdout, stderr } = await tried('others.ndjson');
      expect(stdout).toBe('Would import 1 event, at the positions 1 to 1.\nNothing was written.\n');
      expect(stderr).toMatch(/^There is no event log at \S+ An empty one in a temporary folder .*\n100 %.*bytes\n$/);
      expect((await tried('log.ndjson')).stderr).toMatch(/^Line 3: the personal field "username" can't be read/m);
      expect(existsSync(file('no'))).toBe(false);
    });

    it('makes a log of the file, once that has the keys of its persons', async () => {
      const imported = () => run(target, `log import ${exported}`);
      expectRefused(
        await imported(),
        /^Line 3: the personal field "username" can't be read: .* copy the rows of its table leftfold_personal_keys, and import again\.$/,
      );

      await copyRows('leftfold_personal_keys', database.url, target.url);

      expect(await imported()).toEqual({
        code: 0,
        stdout: `Imported ${EVENTS} events, at the positions 1 to ${EVENTS}.\n`,
        stderr: `100 %  ${EVENTS} of ${EVENTS} positions\n`,
      });
      expect((await imported()).stdout).toBe(`Imported 0 events.\n${EVENTS} events are there already.\n`);
      expect((await run(target, 'log verify')).stdout).toMatch(/^The log is sound: .*\nChecked: 5 events, 2 streams,/);
    });

    it('refuses a log that has events, and a file that is not there', async () => {
      expectRefused(
        await run(database, `log import ${exported}`, env),
        `The log has ${EVENTS} events. Import into an empty log, or add the events that it lacks at new positions, with --onto.`,
      );
      expectRefused(await run(target, `log import ${file('nothing')}`), /nothing: .*no such file or directory/);
    });
  });

  describe('leftfold subscriptions copy', () => {
    const copy = (name: string, into: string, options = '') =>
      run(database, `subscriptions copy ${name} --into ${into} ${options}`, env);

    it('fills a file with the rows of a moment, and says where they are', async () => {
      const into = file('copy.sqlite');

      expect(await copy('users.user-view', into, '--until 4')).toEqual({
        code: 0,
        stdout:
          `users.user-view was copied as of position 4, to sqlite:${into}\n` +
          'Its rows are in user_view. Other tables there are empty, and say nothing.\n',
        stderr: '100 %  4 of 4 positions\n',
      });
      const rows = await runSql(`sqlite:${into}`, `select username from user_view where user_id = '${ann.userId}'`);
      expect(rows).toEqual([{ username: ann.username }]);
    });

    it('refuses what has no rows, a name that is not there, and the database of the application', async () => {
      const into = file('refused.sqlite');
      expectRefused(
        await copy('users.welcome-mail', into),
        'users.welcome-mail is a side effect. Only read models have rows to copy.',
      );
      expectRefused(await copy('users.user-vew', into), 'There is no subscription "users.user-vew".');
      expectRefused(
        await copy('users.user-view', database.viewsUrl),
        /views\.sqlite has tables in it, such as \w+\. Give a new file, or an empty database\.$/,
      );
    });
  });
});
