import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { fileOf } from '../../databases/database-url.js';
import type { Databases } from '../../databases/databases.js';
import type { Findings } from './finding.js';

/** Room for the longest answer, in bytes: a line is short, but a damaged name may be in it. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/**
 * A text, because an application that bundles this package has no file that a process could load. It prints what SQLite finds,
 * as JSON: one list for each file. A process of its own, because the check blocks until it ends.
 */
const PROGRAM = `
const [driver, most, ...paths] = process.argv.slice(1);
const Database = require(driver);
const checked = (path) => {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
    const lines = database.pragma('integrity_check(' + most + ')').map((row) => row.integrity_check);
    database.close();
    return lines;
  } catch (error) {
    return [error.message];
  }
};
process.stdout.write(JSON.stringify(paths.map(checked)));
`;

/** Has SQLite check the pages and indexes of the files. Does nothing on PostgreSQL, whose files are the server's. */
export async function checkFiles(
  { events, views }: Databases,
  findings: Findings,
  most: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = [
    { where: 'log', path: fileOf(events.target) },
    { where: 'read models', path: fileOf(views.target) },
  ].flatMap(({ where, path }) => (path === undefined ? [] : [{ where, path }]));
  if (files.length === 0) return;
  const problems = await problemsOf(
    files.map(({ path }) => path),
    most,
    signal,
  );
  for (const [index, { where, path }] of files.entries()) {
    for (const problem of problems[index]!) {
      findings.add({ check: 'file', where, message: `${path} is damaged: ${problem}` });
    }
  }
}

/** @returns those of each file */
async function problemsOf(paths: readonly string[], most: number, signal?: AbortSignal): Promise<string[][]> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, driver, String(most), ...paths], {
    env: { ...process.env, NODE_OPTIONS: '' },
    killSignal: 'SIGKILL',
    maxBuffer: MOST_OUTPUT,
    signal,
  });
  const answers = JSON.parse(stdout) as string[][];
  // A line may have several, below a heading.
  return answers.map((lines) =>
    lines.flatMap((line) => line.split('\n')).filter((line) => line !== 'ok' && !line.startsWith('***')),
  );
}
