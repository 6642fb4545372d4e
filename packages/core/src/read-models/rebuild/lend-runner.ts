import type { QueryRunner } from 'typeorm';

/**
 * Wraps a query runner for use by another EntityManager. An EntityManager sets itself as its runner's manager, and
 * TypeORM reads that when it saves entities or nests a transaction. The wrapper returns the other manager. The runner,
 * which is shared by all on SQLite, keeps its own. `check` receives all SQL, including TypeORM's.
 */
export function lendRunner(runner: QueryRunner, check: (sql: string) => void): QueryRunner {
  let borrower = runner.manager;
  return new Proxy(runner, {
    get(target, property, receiver) {
      if (property === 'manager') return borrower;
      const value: unknown = Reflect.get(target, property, receiver);
      // TypeORM lists the runner that has a connection, and removes the one that is released: they must be the same.
      if (property === 'connect') return () => (value as () => Promise<unknown>).call(target);
      if (property !== 'query' && property !== 'stream') return value;
      return async (sql: string, ...rest: unknown[]) => {
        check(sql);
        return (value as (...all: unknown[]) => Promise<unknown>).call(target, sql, ...rest);
      };
    },
    set(target, property, value) {
      if (property !== 'manager') return Reflect.set(target, property, value);
      borrower = value as typeof borrower;
      return true;
    },
  });
}
