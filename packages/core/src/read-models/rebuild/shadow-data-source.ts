import { BaseEntity, DataSource } from 'typeorm';
import { SHADOW_PREFIX, shadowOf } from './shadow.js';

/**
 * Metadata of the shadow tables of all entities of `live`, which is initialised. It has no connection: callers use a
 * query runner of the live DataSource, and there is nothing to close.
 * @throws Error when the table names leave no room for the shadow prefix
 */
export async function shadowDataSource(live: DataSource): Promise<DataSource> {
  for (const { tableName } of live.entityMetadatas) {
    if (!tableName.startsWith(SHADOW_PREFIX)) continue;
    throw new Error(
      `The name of the table "${tableName}" begins with ${SHADOW_PREFIX}, which is reserved for rebuilds. Rename it.`,
    );
  }
  const source = new MetadataSource({
    ...live.options,
    entityPrefix: shadowOf(live.options.entityPrefix ?? ''),
    migrations: [],
    subscribers: [],
  });
  await source.build(live);
  for (const { target, tableName } of live.entityMetadatas) {
    const shadow = source.getMetadata(target).tableName;
    if (shadow === shadowOf(tableName)) continue;
    throw new Error(
      `The naming strategy calls the shadow of "${tableName}" "${shadow}". prefixTableName must put the prefix in front.`,
    );
  }
  return source;
}

class MetadataSource extends DataSource {
  async build(live: DataSource): Promise<void> {
    const records = live.entityMetadatas.map(({ target }) => target).filter(isActiveRecord);
    const bound = records.map((record) => record.dataSource);
    await this.buildMetadatas();
    // TypeORM binds such classes to the last DataSource that loaded them, but they must use the live tables.
    records.forEach((record, index) => {
      record.dataSource = bound[index];
    });
  }
}

interface ActiveRecord {
  dataSource: DataSource | undefined;
}

function isActiveRecord(target: Function | string): target is Function & ActiveRecord {
  return typeof target === 'function' && target.prototype instanceof BaseEntity;
}
