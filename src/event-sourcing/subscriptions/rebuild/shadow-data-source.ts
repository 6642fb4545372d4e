import { BaseEntity, DataSource, type DataSourceOptions } from 'typeorm';
import { SHADOW_PREFIX, shadowOf } from './shadow.js';

/**
 * Metadata of the shadow tables of all entities of `live`. It has no connection: whoever uses it brings a query runner of
 * the live DataSource.
 * @throws Error when the names of the tables leave no room for shadows
 */
export async function shadowDataSource(live: DataSource): Promise<{ source: DataSource; close(): Promise<void> }> {
  for (const { tableName } of live.entityMetadatas) {
    if (tableName.startsWith(SHADOW_PREFIX)) {
      throw new Error(`The table "${tableName}" must not begin with ${SHADOW_PREFIX}: rebuilds do. Rename it.`);
    }
  }
  const source = new MetadataSource({
    ...live.options,
    entityPrefix: shadowOf(live.options.entityPrefix ?? ''),
    migrations: [],
    subscribers: [],
  } as DataSourceOptions);
  await source.build();
  for (const { target, tableName } of live.entityMetadatas) {
    const shadow = source.getMetadata(target).tableName;
    if (shadow !== shadowOf(tableName)) {
      throw new Error(
        `The naming strategy calls the shadow of "${tableName}" "${shadow}". Let prefixTableName put the prefix in front.`,
      );
    }
  }
  return { source, close: () => Promise.resolve() };
}

class MetadataSource extends DataSource {
  async build(): Promise<void> {
    const entities = (this.options.entities as unknown[]).filter(isActiveRecord);
    const bound = entities.map((entity) => entity.dataSource);
    await this.buildMetadatas();
    // TypeORM binds such classes to the DataSource that saw them last; they belong to the live one.
    entities.forEach((entity, index) => {
      entity.dataSource = bound[index];
    });
  }
}

interface ActiveRecord {
  dataSource: DataSource | undefined;
}

function isActiveRecord(entity: unknown): entity is ActiveRecord {
  return typeof entity === 'function' && entity.prototype instanceof BaseEntity;
}
