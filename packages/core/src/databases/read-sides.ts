import type { Provider } from '@nestjs/common';
import { getDataSourceToken, getEntityManagerToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Databases } from './databases.js';

/** Names of the kernel's DataSources. Nest's default DataSource belongs to the application. */
export const DATA_SOURCES = ['events', 'views'] as const;

/** What `@InjectDataSource('views')` and the like inject: read-only connections, so queries can't write. */
export const READ_SIDES: Provider[] = DATA_SOURCES.flatMap((name) => [
  {
    provide: getDataSourceToken(name),
    inject: [Databases],
    useFactory: (databases: Databases) => databases[name].read,
  },
  {
    provide: getEntityManagerToken(name),
    inject: [getDataSourceToken(name)],
    useFactory: ({ manager }: DataSource) => manager,
  },
]);

/** The tokens of `READ_SIDES`. */
export const READ_SIDE_TOKENS = DATA_SOURCES.flatMap((name) => [getDataSourceToken(name), getEntityManagerToken(name)]);
