import type { QueryRunner } from 'typeorm';

/**
 * The same query runner, for another EntityManager. An EntityManager makes itself the manager of its runner, and TypeORM
 * asks the runner for it when it saves entities or nests a transaction: the lent one answers with the borrower, while the
 * runner itself, which on SQLite is shared by everybody, keeps its own. `check` sees all SQL, also what TypeORM writes.
 */
export function lendRunner(runner: QueryRunner, check: (sql: string) => void): QueryRunner {
  let borrower = runner.manager;
  return new Proxy(runner, {
    get(target, property, receiver) {
      if (property === 'manager') return borrower;
      const value: unknown = Reflect.get(target, property, receiver);
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
