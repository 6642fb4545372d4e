import { checkPrefix, checkSchema } from '../databases/check-namespace.js';
import type { DatabaseLimits } from '../databases/database-limits.js';
import { type DatabaseTarget, defaultViewsTarget, parseDatabaseUrl } from '../databases/database-url.js';
import { SetupError } from '../errors.js';
import type { UnstorableText } from '../read-models/columns/text-types.js';
import type { ScheduleClock } from '../sagas/outbox/schedule-clock.js';

/** How the kernel runs in this process. Times are in ms. Only `url` has no default. */
export interface EventSourcingOptions {
  /** The event log: `sqlite:<path>`, `postgres://<user>:<password>@<host>:<port>/<database>`, or one of these that was parsed. */
  readonly url: string | DatabaseTarget;
  /** The read models. Default: `views.sqlite` beside a SQLite log, the log's own database on PostgreSQL. */
  readonly viewsUrl?: string | DatabaseTarget;
  /**
   * What the names of Leftfold's own tables, indexes, triggers and functions begin with, in both databases: up to 21 small letters,
   * digits and underscores, or nothing. The locks and the channel that nodes share follow from it. Applications that share a database
   * have a prefix each. Read models and what features keep beside the log are named by their entities, without the prefix. Default:
   * what the tables that are there have; `leftfold_` where there are none.
   */
  readonly tablePrefix?: string;
  /**
   * The schema of PostgreSQL that all tables are in, those of features too; it is made when there is none. It is the only one in the
   * search path of Leftfold's connections. Default: the first schema of the search path that there is, such as `public`.
   */
  readonly schema?: string;
  /** Largest size of the data of one event, of its metadata, or of one command of a saga, in bytes. Default: 1,048,576 (1 MiB). */
  readonly eventSizeLimit?: number;
  /** Events between two snapshots of an aggregate; 0 turns them off. Default: 100. */
  readonly snapshotEvery?: number;
  /** A subscription whose process gave no sign of life for so long is taken over; at most 600,000 (10 minutes). Default: 10,000. */
  readonly leaseTtl?: number;
  /** The longest that a query waits for a position. Default: 5,000. */
  readonly readWaitLimit?: number;
  /** By which scheduled commands come due. Default: the database's clock; tests bring one that they move. */
  readonly scheduleClock?: ScheduleClock;
  /** How long the databases may keep this process waiting. Default: those of `DatabaseLimits`. */
  readonly databaseLimits?: Partial<DatabaseLimits>;
  /**
   * What becomes of a NUL, or half of a surrogate pair, in a text column or jsonb of a read model, on both databases:
   * `replace` by U+FFFD, or `refuse`, which stops the read model at the event. Default: `replace`.
   */
  readonly unstorableText?: UnstorableText;
  /** Whether this process runs subscriptions. Default: true. */
  readonly runSubscriptions?: boolean;
  /**
   * Whether the event bus also does what it does without Leftfold: events whose classes are not registered with a feature can be
   * published, in memory, to plain `@EventsHandler`s and to sagas without `@SagaName`. For applications that use `@nestjs/cqrs`
   * already. Default: false, and each of these is refused with a sentence.
   */
  readonly eventsInMemory?: boolean;
  /**
   * The process does one-off work, as a command line does: it needs a log that is there already, and starts nothing by itself,
   * such as deleting expired command ids.
   * Default: false.
   */
  readonly oneOff?: boolean;
}

/** The options, with every default filled in. */
export interface ResolvedOptions extends Required<
  Omit<EventSourcingOptions, 'url' | 'viewsUrl' | 'scheduleClock' | 'databaseLimits' | 'tablePrefix' | 'schema'>
> {
  readonly events: DatabaseTarget;
  readonly views: DatabaseTarget;
  readonly tablePrefix: string | undefined;
  readonly schema: string | undefined;
  readonly scheduleClock: ScheduleClock | undefined;
  readonly databaseLimits: Partial<DatabaseLimits>;
}

/** The resolved options. */
export const OPTIONS = Symbol('leftfold.options');

/** @throws SetupError when a URL can't be read, or no table can have such a name */
export function resolveOptions(options: EventSourcingOptions): ResolvedOptions {
  const events = targetOf('url', options.url);
  const views = options.viewsUrl === undefined ? defaultViewsTarget(events) : targetOf('viewsUrl', options.viewsUrl);
  return {
    events,
    views,
    tablePrefix: checkPrefix(options.tablePrefix),
    schema: checkSchema(options.schema, [events, views]),
    eventSizeLimit: options.eventSizeLimit ?? 1_048_576,
    snapshotEvery: options.snapshotEvery ?? 100,
    leaseTtl: options.leaseTtl ?? 10_000,
    readWaitLimit: options.readWaitLimit ?? 5_000,
    scheduleClock: options.scheduleClock,
    databaseLimits: options.databaseLimits ?? {},
    unstorableText: options.unstorableText ?? 'replace',
    runSubscriptions: options.runSubscriptions ?? true,
    eventsInMemory: options.eventsInMemory ?? false,
    oneOff: options.oneOff ?? false,
  };
}

function targetOf(option: 'url' | 'viewsUrl', value: string | DatabaseTarget | undefined): DatabaseTarget {
  if (typeof value === 'object') return value;
  if (value === undefined) {
    throw new SetupError(`EventSourcingModule has no "url". Write forRoot({ url: 'sqlite:./data/events.sqlite' }).`);
  }
  try {
    return parseDatabaseUrl(value);
  } catch (error) {
    throw new SetupError(`The option "${option}" of EventSourcingModule ${(error as Error).message}`);
  }
}
