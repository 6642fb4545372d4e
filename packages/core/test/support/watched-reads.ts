import { jest } from '@jest/globals';
import type { OpenDatabase } from '../../src/databases/open-database.js';

export interface WatchedRead {
  /** As it was asked for: with question marks, if it is one of the kernel. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Number of rows. */
  readonly rows: number;
  readonly isPrepared: boolean;
}

/** Calls `note` for each statement that reads the database through its read-only side while `work` runs. */
export async function watchingReads<R>(
  { read, reads, briefReads }: OpenDatabase,
  note: (statement: WatchedRead) => void,
  work: () => Promise<R>,
): Promise<R> {
  const query = read.query.bind(read);
  const spies = [
    ...[reads, briefReads].map((each) => {
      const run = each.run.bind(each);
      return jest.spyOn(each, 'run').mockImplementation(async (sql, parameters) => {
        const result = await run(sql, parameters);
        note({ sql, parameters, rows: result.rows.length, isPrepared: true });
        return result;
      });
    }),
    jest.spyOn(read, 'query').mockImplementation((async (sql: string, parameters: unknown[] = []) => {
      const rows = await query<unknown[]>(sql, parameters);
      note({ sql, parameters, rows: rows.length, isPrepared: false });
      return rows;
    }) as typeof read.query),
  ];
  try {
    return await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
