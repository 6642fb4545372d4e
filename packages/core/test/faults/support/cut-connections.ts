import type { TestDatabase } from '../../support/databases.js';
import { runSql } from '../../support/stored-rows.js';

/** Cuts some of the connections to both databases, including those of listeners. Returns how many. */
export async function cutConnections({ url, viewsUrl }: TestDatabase, part: number): Promise<number> {
  const names = [url, viewsUrl].map((each) => `'${new URL(each).pathname.slice(1)}'`);
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const cut = await runSql(
    admin.href,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname in (${names.join(', ')}) and random() < ${part}`,
  );
  return cut.length;
}
