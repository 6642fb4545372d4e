import { DataSource, type QueryRunner } from 'typeorm';
import type { DatabaseLimits } from '../database-limits.js';
import { DatabaseUnusableError } from '../database-unusable.error.js';
import type { NamespaceOptions } from '../namespace-choice.js';
import { DEFAULT_PREFIX, type Namespace, namespaceOf } from '../namespace.js';
import { namespaceSeenBy, postgresNamespace, type Session, sessionIn } from '../postgres-namespace.js';
import { refuseSharedSessions } from '../refuse-shared-sessions.js';
import { postgresClientWith } from '../postgres-client.js';
import { PostgresWriteDatabase, type WriteDatabase } from '../write-database.js';
import type { CommonOptions, Engine, Maintenance, Place } from './engine.js';

/** In ms. */
const CONNECT_TIMEOUT = 5_000;

/** Opens a database on a PostgreSQL server. */
export class PostgresEngine implements Engine {
  constructor(private readonly url: string) {}

  findNamespace(
    name: 'events' | 'views',
    options: NamespaceOptions,
    mustExist: boolean,
    open?: DataSource,
  ): Promise<Namespace> {
    const target = { kind: 'postgres', url: this.url } as const;
    if (open) return namespaceSeenBy(sessionOf(open), name, target, { ...options, mustExist });
    return postgresNamespace(name, target, { ...options, mustExist, connectTimeout: CONNECT_TIMEOUT });
  }

  async writeDatabase(common: CommonOptions, place: Place, limits: DatabaseLimits): Promise<WriteDatabase> {
    const setting = `idle_in_transaction_session_timeout = ${limits.idleTransaction}`;
    const connection = await this.connection(place, limits, setting);
    return new PostgresWriteDatabase(new DataSource({ ...common, ...connection }));
  }

  async readOptions(
    common: CommonOptions,
    place: Place,
    limits: DatabaseLimits,
  ): Promise<ConstructorParameters<typeof DataSource>[0]> {
    return { ...common, ...(await this.connection(place, limits, 'default_transaction_read_only = on')) };
  }

  async mayExist(): Promise<boolean> {
    return true;
  }

  async create(): Promise<void> {}

  checkConnections(write: DataSource): Promise<void> {
    return refuseSharedSessions(write);
  }

  async migrate({ dataSource }: WriteDatabase, name: 'events' | 'views', pending: number): Promise<void> {
    const { migrationLock } = namespaceOf(dataSource);
    const lock = dataSource.createQueryRunner();
    try {
      await refuseReader(lock, name, pending);
      await lock.query('select pg_advisory_lock($1)', [migrationLock]);
      await dataSource.runMigrations({ transaction: 'all' });
      await lock.query('select pg_advisory_unlock($1)', [migrationLock]);
    } finally {
      await lock.release();
    }
  }

  maintain(): Maintenance | undefined {
    return undefined;
  }

  /** @param setting session setting of each connection; the URL can't override it */
  private async connection({ namespace, schema }: Place, { connections }: DatabaseLimits, setting: string) {
    const inPlace = (sql: string): string => namespace.inPlace(sql);
    const Client = await postgresClientWith({
      ...sessionIn(schema, setting),
      ...(namespace.prefix === DEFAULT_PREFIX ? {} : { inPlace }),
    });
    return {
      type: 'postgres',
      url: this.url,
      applicationName: 'leftfold',
      connectTimeoutMS: CONNECT_TIMEOUT,
      // The pool itself replaces a connection that the server closed while it was idle.
      poolErrorHandler: () => undefined,
      poolSize: connections,
      extra: { keepAlive: true, Client },
    } as const;
  }
}

/** Its sessions have the configured schema in their search path, as a new one would. */
function sessionOf(open: DataSource): Session {
  return { rows: (sql, parameters = []) => open.query(sql, [...parameters]) };
}

/** @throws DatabaseUnusableError when this role may not create tables */
async function refuseReader(runner: QueryRunner, name: 'events' | 'views', pending: number): Promise<void> {
  const [role] = (await runner.query(
    `select current_user as name, quote_ident(current_schema()) as schema, quote_ident(current_user) as quoted,
            has_schema_privilege(current_schema(), 'create') as may`,
  )) as { name: string; quoted: string; schema: string; may: boolean }[];
  if (role!.may) return;
  throw new DatabaseUnusableError(
    name,
    `${pending} migrations are pending, and the role "${role!.name}" may not make tables in the schema ${role!.schema}. ` +
      `Let the owner of the schema run: GRANT CREATE, USAGE ON SCHEMA ${role!.schema} TO ${role!.quoted}; ` +
      'or start this version once with the role that made the tables.',
  );
}
