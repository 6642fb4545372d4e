import type { DataSource } from 'typeorm';

/**
 * Calls a hook before each statement that is read here.
 * @returns a function that ends it
 */
export function beforeStatements(read: DataSource, act: (sql: string) => Promise<void>): () => void {
  const query = read.query.bind(read);
  read.query = async <T>(...statement: Parameters<typeof query>): Promise<T> => {
    await act(statement[0]);
    return query<T>(...statement);
  };
  return () => {
    read.query = query;
  };
}
