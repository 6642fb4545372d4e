import { DataSource, type DataSourceOptions } from 'typeorm';
import type { SeenDatabase } from './postgres-namespace.js';

/** A DataSource that does not ask the server again for what was seen before its first connection. */
export function postgresDataSource(
  options: DataSourceOptions & { readonly type: 'postgres' },
  seen: SeenDatabase | undefined,
): DataSource {
  const dataSource = new DataSource(options);
  if (seen) {
    const { namespace, database, version } = seen;
    // TypeORM, too, takes only the numbers. It asks for what is undefined.
    const known = { version: /^[\d.]+/.exec(version)?.[0], database, searchSchema: namespace.schema };
    Object.assign(dataSource.driver, known);
  }
  return dataSource;
}
