import { BaseEntity, Column, DataSource, DefaultNamingStrategy, Entity, PrimaryColumn } from 'typeorm';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import type { EntityClass } from '../../src/databases/schema.js';
import { shadowDataSource } from '../../src/read-models/rebuild/shadow-data-source.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';

@Entity('active')
class Active extends BaseEntity {
  @PrimaryColumn('text')
  id: string;

  @Column('text', { name: 'stored_name' })
  name: string;
}

@Entity('rebuild_active')
class Namesake {
  @PrimaryColumn('text')
  id: string;
}

class Shouting extends DefaultNamingStrategy {
  override prefixTableName(prefix: string, tableName: string): string {
    return `${prefix}${tableName}`.toUpperCase();
  }
}

describe.each(DATABASE_KINDS)('the metadata of shadow tables on %s', (kind) => {
  let database: TestDatabase;
  let live: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
  });

  afterAll(() => database.drop());

  afterEach(() => live.destroy());

  it('equals that of the live ones except for the name, and needs no connection', async () => {
    await open([Active]);

    const source = await shadowDataSource(live);

    expect(source.isInitialized).toBe(false);
    const [of, as] = [source.getMetadata(Active), live.getMetadata(Active)];
    expect([of.tableName, of.tablePath]).toEqual(['rebuild_active', 'rebuild_active']);
    expect(of.columns.map((column) => column.databaseName)).toEqual(as.columns.map((column) => column.databaseName));
    await expect(source.query('select 1')).rejects.toThrow();
  });

  it('does not bind active records to the shadow tables', async () => {
    await open([Active]);

    await shadowDataSource(live);

    expect(Active.getRepository().metadata.tableName).toBe('active');
  });

  it('applies after a prefix of the live tables', async () => {
    await open([Active], { entityPrefix: 'app_' });

    const source = await shadowDataSource(live);

    expect(source.getMetadata(Active).tableName).toBe('rebuild_app_active');
  });

  it('is refused when a live table has a name reserved for rebuilds', async () => {
    await open([Active, Namesake]);

    await expect(shadowDataSource(live)).rejects.toThrow(/"rebuild_active" begins with rebuild_.*Rename it/);
  });

  it('is refused when a naming strategy changes the prefix', async () => {
    await open([Active], { namingStrategy: new Shouting() });

    await expect(shadowDataSource(live)).rejects.toThrow(/the shadow of "active" "REBUILD_ACTIVE"/);
  });

  async function open(
    entities: EntityClass[],
    more: { entityPrefix?: string; namingStrategy?: Shouting } = {},
  ): Promise<void> {
    const views = await openDatabase('views', parseDatabaseUrl(database.viewsUrl), { entities, migrations: [] });
    const { options } = views.write.dataSource;
    await views.close();
    live = new DataSource({ ...options, ...more });
    await live.initialize();
  }
});
