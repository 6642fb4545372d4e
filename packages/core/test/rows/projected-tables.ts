import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../../src/databases/open-database.js';
import { RecordedEvent } from '../../src/event-log/recorded-event.js';
import { describeEvent, type EventClass } from '../../src/events/domain-event.decorator.js';
import { EventRegistry } from '../../src/events/event-registry.js';
import { EventSerializer } from '../../src/event-log/event-serializer.js';
import type { ProjectionHandler } from '../../src/index.js';
import type { UnstorableText } from '../../src/read-models/columns/text-types.js';
import { PostgresStatements } from '../../src/databases/postgres-statements.js';
import { SqliteStatements } from '../../src/databases/sqlite-statements.js';
import { KeptRows } from '../../src/read-models/kept-rows.js';
import type { BatchTables } from '../../src/read-models/read-model-batch.js';
import type { RowClass } from '../../src/read-models/row.js';
import { RowLayouts } from '../../src/read-models/row-layouts.js';
import type { Advance } from '../../src/subscriptions/runners/checkpoint.js';
import { LeaseLostError } from '../../src/subscriptions/states/lease.js';
import { EventLoopShare } from '../../src/subscriptions/event-loop-share.js';
import { project, type Projecting } from '../../src/read-models/project.js';
import { createTestDatabase, type DatabaseKind } from '../support/databases.js';

/** What runs the statements for rows, for tests that watch them. */
export const STATEMENTS_OF = { sqlite: SqliteStatements, postgres: PostgresStatements } as const;

const MOVE = 'update checkpoint set moves = moves + 1 where ? = 1';
const CHECKPOINT = ['create table checkpoint (moves integer not null)', 'insert into checkpoint values (0)'];

/** Tables of read models, and batches of events that are projected into them. */
export class ProjectedTables {
  readonly serializer: EventSerializer;
  private events = 0;

  private constructor(
    readonly views: OpenDatabase,
    private readonly entities: readonly RowClass[],
    readonly layouts: RowLayouts,
    private readonly eventClass: EventClass,
    readonly close: () => Promise<void>,
  ) {
    const registry = new EventRegistry();
    registry.register(eventClass);
    this.serializer = new EventSerializer(registry);
  }

  /**
   * @param statements of the migration
   * @throws SetupError when the kernel does not support an entity
   */
  static async open(
    kind: DatabaseKind,
    entities: readonly RowClass[],
    statements: readonly string[],
    eventClass: EventClass,
    unstorable: UnstorableText = 'replace',
  ): Promise<ProjectedTables> {
    const database = await createTestDatabase(kind);
    const views = await openDatabase('views', parseDatabaseUrl(database.viewsUrl), {
      entities,
      migrations: [migrationOf([...CHECKPOINT, ...statements])],
    });
    const close = async (): Promise<void> => {
      await views.close();
      await database.drop();
    };
    try {
      const layouts = await RowLayouts.read(kind, views.read, entities, unstorable);
      return new ProjectedTables(views, entities, layouts, eventClass, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** An event as stored in the log. */
  recorded(event: object, stream = 'any-1'): RecordedEvent {
    const position = ++this.events;
    return RecordedEvent.of({
      position,
      stream,
      version: position,
      event_id: randomUUID(),
      type: describeEvent(this.eventClass).type,
      schema_version: 1,
      data: JSON.stringify(event),
      metadata: '{}',
      actor: 'test',
      correlation_id: randomUUID(),
      recorded_at: 0,
    });
  }

  /** Projects one batch. Returns the committed position. */
  project(
    events: readonly RecordedEvent[],
    handle: ProjectionHandler['handle'],
    options: Partial<Pick<Projecting, 'key' | 'ownRows' | 'ending' | 'advance'>> & {
      tables?: Partial<BatchTables>;
    } = {},
  ): Promise<number> {
    const { tables, ...rest } = options;
    return project(
      {
        handler: { handle },
        key: undefined,
        ownRows: undefined,
        serializer: this.serializer,
        database: this.views.write,
        share: new EventLoopShare(),
        ending: () => false,
        // Otherwise a machine that is busy for a moment would cut the batch.
        budget: Infinity,
        advance: this.advanceWhen(() => true),
        ...rest,
        tables: {
          entities: this.entities,
          layouts: this.layouts,
          kept: new KeptRows(),
          reads: this.views.read.manager,
          within: (manager) => manager,
          ...tables,
        },
      },
      events,
      events.at(-1)!.position,
    );
  }

  /**
   * Stands for a checkpoint that moves only while `mayMove`.
   * @throws LeaseLostError from the promises that it returns
   */
  advanceWhen(mayMove: () => boolean): Advance {
    const confirm = (hasMoved: boolean): void => {
      if (!hasMoved) throw new LeaseLostError('any');
    };
    return {
      within: async () => confirm(mayMove()),
      with: async (writes) => {
        const parameters = [mayMove() ? 1 : 0];
        const hasMoved = await this.views.write.together({ sql: MOVE, parameters }, writes);
        if (hasMoved !== undefined) confirm(hasMoved);
        return hasMoved === true;
      },
    };
  }

  rows<T>(sql: string): Promise<T[]> {
    return this.views.read.query<T[]>(sql);
  }
}

function migrationOf(statements: readonly string[]): new () => MigrationInterface {
  return class CreateTables1750000000000 implements MigrationInterface {
    readonly name = 'CreateTables1750000000000';

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of statements) await runner.query(statement);
    }

    down(): Promise<void> {
      return Promise.reject(new Error('Nobody reverts it.'));
    }
  };
}
