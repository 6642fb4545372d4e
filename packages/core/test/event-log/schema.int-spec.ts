import { Column, DataSource, Entity, Index, PrimaryColumn } from 'typeorm';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { schemaDifferences } from '../support/schema-differences.js';
import { type OpenLog, openLog } from './open-log.js';

@Entity('leftfold_commands')
@Index(['position'])
class OddCommandEntity {
  @PrimaryColumn({ name: 'command_id', type: 'uuid' })
  commandId: string;

  @Column({ type: 'text' })
  position: string;

  @Column({ type: 'text', nullable: true })
  versions: string | null;

  @Column({ type: 'text', unique: true, nullable: true })
  result: string | null;

  @Column({ type: 'integer' })
  weight: number;
}

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let database: TestDatabase;
  let opened: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    opened = await openLog(database.url);
  });

  afterAll(async () => {
    await opened.close();
    await database.drop();
  });

  it("the migrations create the tables that the log's entities declare", async () => {
    const { dataSource } = opened.database.write;

    const tables = dataSource.entityMetadatas.map((entity) => entity.tableName);
    expect(tables).toEqual(
      expect.arrayContaining(['leftfold_commands', 'leftfold_event_log', 'leftfold_event_tags', 'leftfold_events']),
    );
    expect(await schemaDifferences(dataSource)).toEqual([]);
  });

  it('an entity that differs from its table is detected', async () => {
    const odd = new DataSource({
      ...opened.database.write.dataSource.options,
      entities: [OddCommandEntity],
      migrations: [],
    });
    await odd.initialize();

    const differences = await schemaDifferences(odd);

    await odd.destroy();
    expect(differences.map((each) => each.replace(/bigint/, 'integer'))).toEqual(
      expect.arrayContaining([
        'leftfold_commands: no column position text not null',
        'leftfold_commands: no column versions text',
        'leftfold_commands: no column weight integer not null',
        'leftfold_commands: the entity has no column position integer not null',
        'leftfold_commands: the entity has no column versions text not null',
        'leftfold_commands: the entity has no column recorded_at integer not null',
        'leftfold_commands: no unique key on result',
        'leftfold_commands: no index on position',
      ]),
    );
  });
});
