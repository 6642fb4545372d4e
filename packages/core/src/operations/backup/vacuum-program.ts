import Sqlite from 'better-sqlite3';

/** Time to wait for a writer that is about to commit, in ms. */
const BUSY_TIMEOUT = 5_000;

/**
 * Copies one SQLite file, as of the start of the copy, into an empty one, and checks the copy. It runs as a process of
 * its own, because copying blocks the process until it ends. So the parent can watch it and end it.
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
