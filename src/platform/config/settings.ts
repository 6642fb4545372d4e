import { type DatabaseTarget, defaultViewsTarget } from '@leftfold/core';
import { readDatabase } from './database-variable.js';
import { type MailSettings, readMail } from './mail-variables.js';
import { readMetricsToken } from './metrics-token.js';
import { type NatsSettings, readNats } from './nats-variables.js';
import { type NodeSettings, readNode } from './node-variables.js';
import { readOperator, type FirstOperator } from './operator-variables.js';
import { type PersonalDataSettings, readPersonalData } from './personal-data-variables.js';
import { type ProofSettings, readProofs } from './proof-variables.js';
import { readSigningSecret } from './signing-secret.js';
import { readReplicas } from './replica-variables.js';
import { readTrustedProxies } from './trusted-proxies.js';
import { type ConnectionSettings, readConnections } from './connection-variables.js';
import type { Variables } from './variables.js';

const DEFAULT_DATABASE = 'sqlite:./data/events.sqlite';
const SECOND = 1_000;
/** Longest lease that the kernel accepts. */
const LONGEST_LEASE = 600 * SECOND;
/** In ms: 24 hours. */
const LONGEST_RESTART_PAUSE = 86_400 * SECOND;
const KIBIBYTE = 1_024;
/** Most lines of one order. */
const LARGEST_ORDER = 50;

/** The checked settings of the environment, in the units of the code. Durations are in ms, sizes in bytes. */
export class Settings {
  readonly environment: 'development' | 'production' | 'test';
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

  readonly port: number;
  readonly host: string;
  /** How many proxies in front of the application may set the address of a request. */
  readonly trustedProxies: number;
  readonly connections: ConnectionSettings;

  readonly events: DatabaseTarget;
  readonly views: DatabaseTarget;
  /** Replicas of `views` that answer queries. */
  readonly viewsReplicas: readonly DatabaseTarget[];
  /** Positions that a replica may be behind before it is left out. */
  readonly replicaLagLimit: number;
  /** What the names of Leftfold's own tables begin with; undefined where it is to be found. */
  readonly tablePrefix: string | undefined;
  /** The schema of PostgreSQL that all tables are in; undefined for the first of the search path. */
  readonly schema: string | undefined;

  /** The role of this process: `api` runs no subscriptions, `worker` serves no routes but health and metrics. */
  readonly role: 'all' | 'api' | 'worker';
  readonly node: NodeSettings;
  readonly readWaitLimit: number;
  readonly eventSizeLimit: number;
  /** How long an idempotency key is kept. */
  readonly idempotencyTtl: number;
  /** Events between two snapshots of an aggregate; 0 for none. */
  readonly snapshotEvery: number;
  /** About how much memory events of loaded aggregates may take; 0 for none. */
  readonly aggregateMemory: number;
  readonly leaseTtl: number;
  /** The longest pause before a subscription that stopped after an error starts again by itself, in ms. */
  readonly restartPauseLimit: number;
  /** How long an order waits for its payment. */
  readonly orderPaymentWindow: number;
  /** Most order lines that one customer may place on this node in a minute, unless rate limits are off. */
  readonly orderLinesPerMinute: number;
  readonly readyLagLimit: number;

  readonly jwtSecret: string;
  readonly jwtTtl: number;
  readonly operator: FirstOperator | undefined;
  readonly rateLimits: boolean;
  readonly mail: MailSettings;
  /** Undefined when no events are published. */
  readonly nats: NatsSettings | undefined;
  /** Undefined when the log is not sealed. */
  readonly proofs: ProofSettings | undefined;
  readonly personalData: PersonalDataSettings;
  /** Whether `/docs` is served. */
  readonly docs: boolean;
  /** Opens `/metrics` to other machines. */
  readonly metricsToken: string | undefined;

  /** Warnings to log at startup. */
  readonly warnings: readonly string[];

  /** @throws SettingsError */
  constructor(variables: Variables) {
    const warnings: string[] = [];
    this.environment = variables.choice('NODE_ENV', ['development', 'production', 'test'], 'development');
    this.logLevel = variables.choice(
      'LOG_LEVEL',
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'info',
    );

    this.port = variables.integer('PORT', 3_000, { min: 0, max: 65_535 });
    this.host = variables.text('HOST', '127.0.0.1');
    this.trustedProxies = readTrustedProxies(variables);
    this.connections = readConnections(variables);

    this.events = readDatabase(variables, 'DATABASE_URL', DEFAULT_DATABASE);
    this.views = readDatabase(variables, 'VIEWS_DATABASE_URL') ?? defaultViewsTarget(this.events);
    this.viewsReplicas = readReplicas(variables, this.views);
    this.replicaLagLimit = variables.integer('REPLICA_LAG_LIMIT', 10_000, { min: 1 });
    const prefix = variables.text('TABLE_PREFIX');
    this.tablePrefix = prefix === 'none' ? '' : prefix;
    this.schema = variables.text('DATABASE_SCHEMA');

    this.role = variables.choice('ROLE', ['all', 'api', 'worker'], 'all');
    this.node = readNode(variables, this.events);
    this.readWaitLimit = variables.duration('READ_WAIT_LIMIT', '5s', { min: 0 });
    this.eventSizeLimit = variables.size('EVENT_SIZE_LIMIT', '1mb', { min: KIBIBYTE });
    this.idempotencyTtl = variables.duration('IDEMPOTENCY_TTL', '7d', { min: SECOND });
    this.snapshotEvery = variables.integer('SNAPSHOT_EVERY', 100, { min: 0 });
    this.aggregateMemory = variables.size('AGGREGATE_MEMORY', '32mb', { min: 0 });
    this.leaseTtl = variables.duration('LEASE_TTL', '10s', { min: SECOND, max: LONGEST_LEASE });
    this.restartPauseLimit = variables.duration('RESTART_PAUSE_LIMIT', '5m', {
      min: SECOND,
      max: LONGEST_RESTART_PAUSE,
    });
    this.orderPaymentWindow = variables.duration('ORDER_PAYMENT_WINDOW', '15m', { min: SECOND });
    this.orderLinesPerMinute = variables.integer('ORDER_LINES_PER_MINUTE', 1_000, { min: LARGEST_ORDER });
    this.readyLagLimit = variables.integer('READY_LAG_LIMIT', 10_000, { min: 0 });

    this.jwtSecret = readSigningSecret(variables, this.environment, warnings);
    this.jwtTtl = variables.duration('JWT_TTL', '1h', { min: SECOND });
    this.operator = readOperator(variables);
    this.rateLimits = variables.choice('RATE_LIMITS', ['on', 'off'], 'on') === 'on';
    if (!this.rateLimits)
      warnings.push('RATE_LIMITS is off: no requests are throttled, not even attempts to guess passwords.');
    this.mail = readMail(variables, this.environment);
    this.nats = readNats(variables);
    this.proofs = readProofs(variables, this.environment, warnings);
    this.personalData = readPersonalData(variables, this.environment);
    this.docs = variables.choice('DOCS', ['on', 'off'], this.environment === 'production' ? 'off' : 'on') === 'on';
    this.metricsToken = readMetricsToken(variables);

    this.warnings = warnings;
  }
}
