import { QueryFailedError, type QueryRunner } from 'typeorm';
import type { Write } from './dependent-write.js';
import type { Executed } from './execute.js';
import { numbered } from './placeholders.js';

/** A connection of pg. */
interface Connection {
  /** Whether a statement is sent before the one ahead of it is answered; the server executes them in order. */
  pipeline: boolean;
  query(sql: string, parameters: unknown[]): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
}

const BEGIN: Write = { sql: 'begin', parameters: [] };
const COMMIT: Write = { sql: 'commit', parameters: [] };

/**
 * Runs statements as a transaction on the runner's connection of PostgreSQL, all of which are sent at once. When one fails,
 * the server refuses those behind it, and rolls back instead of the commit.
 * @returns the result of each
 * @throws QueryFailedError of the first one that failed; TypeError for a parameter that is no text, number or list of these,
 * before anything is sent
 */
export async function inOneTrip(runner: QueryRunner, statements: () => readonly Write[]): Promise<Executed<unknown>[]> {
  const connection = (await runner.connect()) as Connection;
  const all = [BEGIN, ...statements(), COMMIT].map(({ sql, parameters }) => ({
    sql: numbered(sql),
    parameters: parameters.map(sendable),
  }));
  connection.pipeline = true;
  const answers = await Promise.allSettled(
    all.map(({ sql, parameters }) => {
      runner.dataSource.logger.logQuery(sql, parameters);
      return connection.query(sql, parameters);
    }),
  );
  connection.pipeline = false;
  const results: Executed<unknown>[] = [];
  for (const [index, answer] of answers.entries()) {
    const { sql, parameters } = all[index]!;
    if (answer.status === 'rejected') throw new QueryFailedError(sql, parameters, answer.reason as Error);
    results.push({ rows: answer.value.rows, affected: answer.value.rowCount ?? 0 });
  }
  return results.slice(1, -1);
}

/** The driver leaves out a statement with a parameter that it can't convert. The others would be committed without it. */
function sendable(parameter: unknown): unknown {
  const isPlain = (value: unknown): boolean => value === null || typeof value === 'string' || typeof value === 'number';
  if (isPlain(parameter) || (Array.isArray(parameter) && parameter.every(isPlain))) return parameter;
  throw new TypeError(`A ${typeof parameter} is no parameter of statements that are sent together.`);
}
