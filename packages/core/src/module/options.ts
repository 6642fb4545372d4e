import { checkPrefix, checkSchema } from '../databases/check-namespace.js';
import type { DatabaseLimits } from '../databases/database-limits.js';
import { type DatabaseTarget, defaultViewsTarget, parseDatabaseUrl, serverUrlOf } from '../databases/database-url.js';
import { SetupError } from '../errors.js';
import type { KeyStore } from '../personal-data/key-store.js';
import type { UnstorableText } from '../read-models/columns/text-types.js';
import { type RestartPause, restartPauseOf } from '../subscriptions/states/restart.js';
import {
  checkEventSize,
  checkMemory,
  checkSnapshotInterval,
  checkUnstorableText,
  checkWaitLimit,
} from './checked-options.js';
import { type NodeOptions, type ResolvedNode, resolveNode } from './node-options.js';
import type { ScheduleClock } from '../sagas/outbox/schedule-clock.js';

/** Where the keys of personal data come from: master keys that wrap the keys of subjects, or a store of keys. */
export type PersonalDataOptions =
  { readonly masterKeys: readonly string[] | (() => readonly string[]) } | { readonly keyStore: KeyStore };

/** How the kernel runs in this process. Times are in ms. Only `url` has no default. */
export interface EventSourcingOptions {
  /** The event log: `sqlite:<path>`, `postgres://<user>:<password>@<host>:<port>/<database>`, or a parsed URL. */
  readonly url: string | DatabaseTarget;
  /** The read models. Default: `views.sqlite` next to a SQLite log; on PostgreSQL the log's own database. */
  readonly viewsUrl?: string | DatabaseTarget;
  /**
   * PostgreSQL streaming replicas of the database of the read models, as URLs of one server each. Queries go to them in
   * turn; one with a minimum position goes to a replica only if that has it, else to the primary. A replica that does not
   * answer is left out and tried again. A process with `oneOff` uses none. Default: none.
   */
  readonly viewsReplicaUrls?: readonly (string | DatabaseTarget)[];
  /**
   * Prefix of Leftfold's own tables, indexes, triggers and functions, in both databases: up to 21 lower-case letters,
   * digits and underscores, or empty. Advisory locks and the notification channel are derived from it. Applications
   * that share a database need different prefixes. Tables of read models and of features get the names of their
   * entities, without the prefix. Default: the prefix of the existing tables, or `leftfold_` if there are none.
   */
  readonly tablePrefix?: string;
  /**
   * PostgreSQL schema of all tables, including those of features. It is created if missing, and is the only schema in
   * the search path of Leftfold's connections. Default: the first existing schema of the search path, such as `public`.
   */
  readonly schema?: string;
  /**
   * Largest size of one event's data, of its metadata, or of one saga command, in bytes. Default: 1,048,576 (1 MiB).
   */
  readonly eventSizeLimit?: number;
  /** Events between two snapshots of an aggregate; 0 turns them off. Default: 100. */
  readonly snapshotEvery?: number;
  /**
   * About how much memory may be taken by what was read of aggregates, in bytes; 0 turns it off. It is kept from the second
   * load on, and the next one reads only what was stored since. Of an aggregate with snapshots it is the state, of others
   * the events, unless they have personal fields. A state with personal data is encrypted. Default: 33,554,432 (32 MiB).
   */
  readonly aggregateMemory?: number;
  /**
   * A subscription is taken over when its process did not renew the lease for this long; at most 600,000 (10 minutes).
   * Default: 10,000.
   */
  readonly leaseTtl?: number;
  /**
   * How long a subscription that stopped after an error pauses before it starts again by itself; at most 86,400,000 (24 hours).
   * The pause doubles from `first` to `longest`, minus a random part of up to a half, and begins anew after progress. Default:
   * from 1,000 to 300,000 (5 minutes).
   */
  readonly restartPause?: Partial<RestartPause>;
  /** The longest that a query waits for a position. Default: 5,000. */
  readonly readWaitLimit?: number;
  /** The clock for scheduled commands. Default: the database's clock. Tests pass one that they move. */
  readonly scheduleClock?: ScheduleClock;
  /** How long the databases may keep this process waiting. Default: those of `DatabaseLimits`. */
  readonly databaseLimits?: Partial<DatabaseLimits>;
  /**
   * How to handle a NUL, or half of a surrogate pair, in a text column or jsonb of a read model, on both databases:
   * `replace` it by U+FFFD, or `refuse` it, which stops the read model at the event. Default: `replace`.
   */
  readonly unstorableText?: UnstorableText;
  /**
   * The keys of personal data; needed as soon as an event declares personal fields. Either master keys, which wrap the keys
   * of subjects: 32 bytes each, in base64. The first one wraps, all unwrap. A function is called when they are needed first.
   * Or a store of keys, such as one of a key management service.
   */
  readonly personalData?: PersonalDataOptions;
  /** How the other nodes and operators know this process. */
  readonly node?: NodeOptions;
  /** Whether this process runs subscriptions. Default: true. */
  readonly runSubscriptions?: boolean;
  /**
   * Whether the event bus also works in memory, as without Leftfold: events whose classes are not registered with a
   * feature can be published to plain `@EventsHandler`s and to sagas without `@SagaName`. For applications that already
   * use `@nestjs/cqrs`. Default: false; each of these is then refused with an error.
   */
  readonly eventsInMemory?: boolean;
  /**
   * The process does one-off work, like a command line: it needs an existing log and starts no background jobs, such as
   * deleting expired command ids. Default: false.
   */
  readonly oneOff?: boolean;
  /** Whether a process with `oneOff` may create the log, such as to import into it. Default: false. */
  readonly mayCreate?: boolean;
}

/** The options with all defaults filled in. */
export interface ResolvedOptions extends Required<
  Omit<
    EventSourcingOptions,
    | 'url'
    | 'viewsUrl'
    | 'viewsReplicaUrls'
    | 'scheduleClock'
    | 'databaseLimits'
    | 'tablePrefix'
    | 'schema'
    | 'restartPause'
    | 'personalData'
    | 'node'
  >
> {
  readonly events: DatabaseTarget;
  readonly views: DatabaseTarget;
  readonly viewsReplicas: readonly DatabaseTarget[];
  readonly tablePrefix: string | undefined;
  readonly schema: string | undefined;
  readonly scheduleClock: ScheduleClock | undefined;
  readonly databaseLimits: Partial<DatabaseLimits>;
  readonly restartPause: RestartPause;
  readonly personalData: PersonalDataOptions | undefined;
  readonly node: ResolvedNode;
}

/** The resolved options. */
export const OPTIONS = Symbol('leftfold.options');

/**
 * @throws SetupError when a URL can't be parsed, read models on SQLite have replicas, the prefix can't be part of a table name, a pool is too
 * small, a size, an interval, a wait or a choice is none that its option takes, or the node has no proper name or limit
 */
export function resolveOptions(options: EventSourcingOptions): ResolvedOptions {
  const events = targetOf('url', options.url);
  const views = options.viewsUrl === undefined ? defaultViewsTarget(events) : targetOf('viewsUrl', options.viewsUrl);
  const runSubscriptions = options.runSubscriptions ?? true;
  return {
    events,
    views,
    viewsReplicas: options.oneOff ? [] : replicasOf(views, options.viewsReplicaUrls ?? []),
    tablePrefix: checkPrefix(options.tablePrefix),
    schema: checkSchema(options.schema, [events, views]),
    eventSizeLimit: checkEventSize(options.eventSizeLimit ?? 1_048_576),
    snapshotEvery: checkSnapshotInterval(options.snapshotEvery ?? 100),
    aggregateMemory: checkMemory(options.aggregateMemory ?? 33_554_432),
    leaseTtl: options.leaseTtl ?? 10_000,
    restartPause: restartPauseOf(options.restartPause ?? {}),
    readWaitLimit: checkWaitLimit(options.readWaitLimit ?? 5_000),
    scheduleClock: options.scheduleClock,
    databaseLimits: checkLimits(options.databaseLimits ?? {}),
    unstorableText: checkUnstorableText(options.unstorableText ?? 'replace'),
    personalData: options.personalData,
    node: resolveNode(options.node ?? {}, events, runSubscriptions),
    runSubscriptions,
    eventsInMemory: options.eventsInMemory ?? false,
    oneOff: options.oneOff ?? false,
    mayCreate: options.mayCreate ?? false,
  };
}

/** Two connections look around together at the start, and one is kept for appends. */
const FEWEST_CONNECTIONS = 3;

function checkLimits(limits: Partial<DatabaseLimits>): Partial<DatabaseLimits> {
  const { connections = FEWEST_CONNECTIONS } = limits;
  if (Number.isInteger(connections) && connections >= FEWEST_CONNECTIONS) return limits;
  throw new SetupError(
    `databaseLimits.connections is ${connections}. Each pool needs ${FEWEST_CONNECTIONS} connections or more, as a whole number.`,
  );
}

function replicasOf(views: DatabaseTarget, urls: readonly (string | DatabaseTarget)[]): DatabaseTarget[] {
  const targets = urls.map((url) => targetOf('viewsReplicaUrls', url));
  if ([views, ...targets].every(serverUrlOf) || targets.length === 0) return targets;
  throw new SetupError(
    'The option "viewsReplicaUrls" of EventSourcingModule needs PostgreSQL: a SQLite file has no replicas. ' +
      'Leave the option out, or give postgres:// URLs for the read models and for each replica.',
  );
}

function targetOf(
  option: 'url' | 'viewsUrl' | 'viewsReplicaUrls',
  value: string | DatabaseTarget | undefined,
): DatabaseTarget {
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
