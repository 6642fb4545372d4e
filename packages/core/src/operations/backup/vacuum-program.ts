import Sqlite from 'better-sqlite3';

/** For a writer that is just about to commit, in ms. */
const BUSY_TIMEOUT = 5_000;

/**
 * A program of its own, because the copying blocks its process until the end: another one can watch it, and end it.
 * Copies one SQLite file as it was at the moment of the start into an empty one, and reads the copy.
 */
function copy(from: string, to: string): void {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  source.prepare('vacuum into ?').run(to);
  source.close();
  const made = new Sqlite(to, { readonly: true, fileMustExist: true });
  const problem = made.pragma('quick_check(1)', { simple: true });
  made.close();
  if (problem !== 'ok') throw new Error(`the copy is damaged, and so may be the original (${String(problem)}).`);
}

const [from = '', to = ''] = process.argv.slice(2);
try {
  copy(from, to);
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = 1;
}
