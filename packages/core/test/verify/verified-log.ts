import { Databases } from '../../src/databases/databases.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import type { EventLog } from '../../src/event-log/event-log.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';
import { CreateSubscriptions1750000300000 } from '../../src/subscriptions/migrations/events/1750000300000-create-subscriptions.js';
import { CreateRanges1750003100000 } from '../../src/subscriptions/migrations/events/1750003100000-create-ranges.js';
import { AddDiscardedBefore1750004030000 } from '../../src/subscriptions/migrations/events/1750004030000-add-discarded-before.js';
import { SAGA_SCHEMA } from '../../src/sagas/saga-schema.js';
import { CreateReadModelState1750000000000 } from '../../src/read-models/migrations/views/1750000000000-create-read-model-state.js';
import { ExtendReadModelState1750000300000 } from '../../src/read-models/migrations/views/1750000300000-extend-read-model-state.js';
import { LogVerifier, type VerifyOptions, type VerifyReport } from '../../src/operations/verify/log-verifier.js';
import { createTestDatabase, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { runScript } from './run-script.js';

/** Statements that remove the protection of the events. */
const LIFT_GUARDS: Record<DatabaseKind, readonly string[]> = {
  sqlite: [
    'drop trigger leftfold_events_are_not_updated',
    'drop trigger leftfold_events_are_not_deleted',
    'drop trigger leftfold_events_are_not_replaced',
  ],
  postgres: ['drop trigger leftfold_events_are_immutable on leftfold_events'],
};

const DAMAGEABLE = {
  events: [
    'leftfold_events',
    'leftfold_event_log',
    'leftfold_subscriptions',
    'leftfold_parked_events',
    'leftfold_saga_commands',
  ],
  views: ['leftfold_read_models'],
};

const MIGRATIONS = {
  events: [
    ...LOG_SCHEMA.migrations,
    CreateSubscriptions1750000300000,
    CreateRanges1750003100000,
    AddDiscardedBefore1750004030000,
    ...SAGA_SCHEMA.migrations,
  ],
  views: [CreateReadModelState1750000000000, ExtendReadModelState1750000300000],
} as const;

/** A log with subscriptions, whose tables a test fills and damages with SQL. */
export class VerifiedLog {
  private constructor(
    private readonly test: TestDatabase,
    readonly databases: Databases,
    readonly log: EventLog,
    private readonly closeLog: () => Promise<void>,
  ) {}

  static async open(kind: DatabaseKind): Promise<VerifiedLog> {
    const template = { name: 'verified', migrations: () => Promise.resolve(MIGRATIONS) };
    const test = await createTestDatabase(kind, { separateViews: true, template });
    const events = await openDatabase('events', parseDatabaseUrl(test.url), {
      entities: LOG_SCHEMA.entities,
      migrations: MIGRATIONS.events,
    });
    const views = await openDatabase('views', parseDatabaseUrl(test.viewsUrl), {
      entities: [],
      migrations: MIGRATIONS.views,
    });
    const log = await openEventLog(events, { listen: false });
    return new VerifiedLog(test, new Databases(events, views), log, () => log.close());
  }

  verify(options?: VerifyOptions): Promise<VerifyReport> {
    return new LogVerifier(this.databases).verify({ files: false, ...options });
  }

  /**
   * Appends an event to each of the streams `order-1`, `order-2` ..., and again in every round: version v of `order-n`
   * is at position (v - 1) * streams + n, if the log was empty.
   */
  async appendRounds(streams: number, rounds: number): Promise<void> {
    for (let version = 1; version <= rounds; version++) {
      await this.log.append(
        Array.from({ length: streams }, (_, index) => ({
          stream: `order-${index + 1}`,
          expected: version - 1,
          events: [{ type: typeOf(version), data: {} }],
        })),
      );
    }
  }

  /** Runs SQL on the log's database, without the kernel. */
  sql(...statements: string[]): Promise<void> {
    return runScript(this.test.url, statements);
  }

  viewsSql(...statements: string[]): Promise<void> {
    return runScript(this.test.viewsUrl, statements);
  }

  async eventIdAt(position: number): Promise<string> {
    const [row] = await runSql(this.test.url, `select event_id from leftfold_events where position = ${position}`);
    return row!.event_id as string;
  }

  /** From here on everything can be damaged; `repair` restores it. */
  async makeDamageable(): Promise<void> {
    const copies = (tables: string[]) => tables.map((each) => `create table intact_${each} as select * from ${each}`);
    await this.sql(...LIFT_GUARDS[this.test.kind], ...copies(DAMAGEABLE.events));
    await this.viewsSql(...copies(DAMAGEABLE.views));
  }

  async repair(): Promise<void> {
    const originals = (tables: string[]) =>
      tables.flatMap((each) => [`delete from ${each}`, `insert into ${each} select * from intact_${each}`]);
    await this.sql(...originals(DAMAGEABLE.events));
    await this.viewsSql(...originals(DAMAGEABLE.views));
  }

  async close(): Promise<void> {
    await this.closeLog();
    await this.databases.close();
    await this.test.drop();
  }
}

/** The first event of an order places it, every second one pays, and the rest are notes that no subscription counts. */
export function typeOf(version: number): string {
  if (version === 1) return 'orders.placed';
  return version % 2 === 0 ? 'orders.paid' : 'orders.noted';
}
