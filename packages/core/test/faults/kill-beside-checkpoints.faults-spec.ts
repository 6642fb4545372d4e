import Sqlite from 'better-sqlite3';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { START_LIMIT } from './support/counting.js';
import { roundsOf, seedOf } from './support/seed.js';

const ROUNDS = roundsOf(2);
/** Number of commits beside the thread after which the process is killed: 4,000 pages are forty. */
const [FEWEST, MOST] = [5, 120];

describe('a process on SQLite with a thread that makes checkpoints', () => {
  let database: TestDatabase;
  let script: string;

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    script = await kernelProgram('checkpointing');
  });

  afterEach(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('leaves all that it has committed, and a sound file, when it is killed', async () => {
    const seed = seedOf('kill beside checkpoints');
    for (let round = 0; round < ROUNDS; round++) {
      const child = await AppProcess.spawn({ script, args: [database.url, 'Infinity'] });
      const after = seed.between(FEWEST, MOST);
      await eventually(() => {
        if (reported(child).besideThread < after && child.isRunning) throw new Error('It is too soon.');
      }, START_LIMIT);
      const { signal } = await child.kill();
      expect({ signal, stderr: child.stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });

      const file = new Sqlite(database.url.slice('sqlite:'.length));
      const stored = file.prepare('select count(*) from notes').pluck().get();
      expect(stored).toBeGreaterThanOrEqual(reported(child).number);
      expect(file.prepare('select max(number) from notes').pluck().get()).toBe(stored);
      expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
      file.exec('drop table notes');
      file.close();
    }
  });

  it('ends by itself when it has nothing left to do', async () => {
    const { code, stderr } = await AppProcess.run({ script, args: [database.url, '3'] });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

/** What the process said last; the text after the last line break is incomplete. */
function reported({ stdout }: AppProcess): { number: number; besideThread: number } {
  const [number = 0, besideThread = 0] = (stdout.split('\n').at(-2) ?? '').split(' ').map(Number);
  return { number, besideThread };
}
