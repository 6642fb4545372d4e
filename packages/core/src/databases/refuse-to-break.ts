import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BreakingStatements } from './breaking-statements.js';
import { DatabaseUnusableError } from './database-unusable.error.js';

/** A process that uses the databases while this one starts. */
export interface RunningNode {
  readonly id: string;
  /** How long it counts as alive without another sign of life, in ms. */
  readonly aliveFor: number;
}

/** A migration that may run while nodes of the version before do. */
export interface RollingMigration extends MigrationInterface {
  /** The version before does not use what this migration drops or changes. Then its SQL is not checked. */
  readonly keepsVersionBefore?: boolean;
}

/**
 * From now on, a migration is refused at the first statement that the nodes which run now may not survive. What it did before
 * is rolled back with its transaction.
 */
export function refuseToBreak(
  nodes: readonly RunningNode[],
  migrations: readonly RollingMigration[],
  database: 'events' | 'views',
): void {
  const breaking = new BreakingStatements();
  for (const migration of migrations) {
    const { name = migration.constructor.name, keepsVersionBefore = false } = migration;
    if (keepsVersionBefore) continue;
    const up = migration.up.bind(migration);
    const check = (sql: string): void => {
      const what = breaking.find(sql);
      if (what !== undefined) throw refusal(database, name, what, nodes);
    };
    migration.up = (runner) => checked(runner, check, () => up(runner));
  }
}

/** Migrations may also use the runner's other methods, and its manager. All of them end in `query`. */
async function checked(runner: QueryRunner, check: (sql: string) => void, work: () => Promise<void>): Promise<void> {
  const query = runner.query.bind(runner) as (sql: string, ...more: unknown[]) => Promise<never>;
  runner.query = async (sql: string, ...more: unknown[]) => {
    check(sql);
    return query(sql, ...more);
  };
  try {
    await work();
  } finally {
    runner.query = query;
  }
}

function refusal(
  database: 'events' | 'views',
  migration: string,
  what: string,
  nodes: readonly RunningNode[],
): DatabaseUnusableError {
  const longest = Math.ceil(Math.max(...nodes.map(({ aliveFor }) => aliveFor)) / 1_000);
  return new DatabaseUnusableError(
    database,
    `the migration ${migration} ${what}, and nodes that may use it are running: ${nodes.map(({ id }) => id).join(', ')}. ` +
      `Stop them, and start this version again. A node that crashed counts as running for ${longest} s at most. ` +
      `If the version before does not use it, say so in the migration: readonly keepsVersionBefore = true.`,
  );
}
