import Sqlite from 'better-sqlite3';
import { connectionsTo } from '../support/side-connections.js';
import { watchingReads } from '../support/watched-reads.js';
import type { OpenLog } from './open-log.js';

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export interface QueryPlan {
  /** Full scans of the table. */
  readonly scans: readonly string[];
  /** Rows of the table that it read, as far as the database reports them, including discarded ones. */
  readonly rows: number;
}

/** The reads that `work` sends to the log's database. */
export async function statementsOf({ database }: OpenLog, work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const { dialect } = database.write;
  await watchingReads(
    database,
    ({ sql, parameters }) => statements.push({ sql: dialect.withPlaceholders(sql), parameters: [...parameters] }),
    work,
  );
  return statements;
}

export function planOf(url: string, statement: Statement): Promise<QueryPlan> {
  return url.startsWith('sqlite:') ? sqlitePlan(url.slice('sqlite:'.length), statement) : postgresPlan(url, statement);
}

interface SqliteStep {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/**
 * SQLite reports no numbers. If every step uses an index, it reads only the rows that it returns or that its limit
 * allows.
 */
async function sqlitePlan(path: string, { sql, parameters }: Statement): Promise<QueryPlan> {
  const database = new Sqlite(path, { readonly: true });
  try {
    const steps = database.prepare(`explain query plan ${sql}`).all(...parameters) as SqliteStep[];
    const materialized = steps.find(({ detail }) => detail.startsWith('MATERIALIZE'))?.id;
    // The head is one step down the primary key. A materialized part is a slice, which may be scanned and sorted.
    const isHead = sql.endsWith('order by position desc limit 1');
    const looked = steps.filter(({ parent }) => materialized === undefined || parent === materialized);
    const scans = isHead ? [] : looked.filter((step) => isScan(step) || isSortOfEvents(step, steps));
    return { scans: scans.map(({ detail }) => detail), rows: 0 };
  } finally {
    database.close();
  }
}

function isScan({ detail }: SqliteStep): boolean {
  return /^SCAN (leftfold_events|e)\b/.test(detail);
}

/** Sorting the few rows that were found by their positions is no sort of a walk along an index. */
function isSortOfEvents({ detail, parent }: SqliteStep, steps: readonly SqliteStep[]): boolean {
  if (!detail.includes('TEMP B-TREE')) return false;
  return steps.some((each) => each.parent === parent && /^(SEARCH|SCAN) e\b(?!.*rowid=\?)/.test(each.detail));
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}

/** Executes the statement, also one that writes. */
export async function postgresPlan(
  url: string,
  { sql, parameters }: Statement,
  table = 'leftfold_events',
): Promise<QueryPlan> {
  const { rows } = await connectionsTo(url).query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `explain (analyze, format json) ${sql}`,
    [...parameters],
  );
  const all = allNodes(rows[0]!['QUERY PLAN'][0].Plan);
  const nodes = all.filter((node) => node['Relation Name'] === table);
  return {
    scans: nodes.map((node) => node['Node Type']).filter((type) => type === 'Seq Scan'),
    rows: nodes.reduce(
      (sum, node) => sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)),
      0,
    ),
  };
}

function allNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(allNodes)];
}
