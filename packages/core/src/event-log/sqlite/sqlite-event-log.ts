import type { OpenDatabase } from '../../databases/open-database.js';
import type { SqliteWriteDatabase } from '../../databases/sqlite-write-database.js';
import type { LogIdentity } from '../log-identity.js';
import { ChunkFiller } from '../look-ups/chunk-filler.js';
import type { Filling } from '../look-ups/look-up-filler.js';
import { OutcomeUnknownError } from '../outcome-unknown.error.js';
import type { Outcome } from '../outcome.js';
import type { AppendLimits, PreparedAppend } from '../prepared-append.js';
import { type AdapterOptions, TypeOrmEventLog } from '../typeorm-event-log.js';
import type { FailureKind } from '../failure-kind.js';
import { failureKind } from './failure-kind.js';
import { KnownStreams } from './known-streams.js';
import { RecentLookUps } from './recent-look-ups.js';
import { SqliteBatch } from './sqlite-batch.js';
import { WalWatcher } from './wal-watcher.js';

/**
 * The event log in a SQLite file. `BEGIN IMMEDIATE` makes the transaction the only writer, so it checks a batch by
 * reading the streams and tags that it uses, and stores it with prepared statements.
 */
export class SqliteEventLog extends TypeOrmEventLog {
  /** Each is stored in one turn of the event loop. */
  override readonly secondBatchFrom = Infinity;
  override readonly readsInBackground = false;
  private readonly write: SqliteWriteDatabase;
  private readonly watcher: WalWatcher | undefined;
  private readonly known = new KnownStreams();

  constructor(database: OpenDatabase, identity: LogIdentity, limits: AppendLimits, options: AdapterOptions) {
    super(database, identity, limits, options);
    this.write = database.write as SqliteWriteDatabase;
    if (options.listen && database.target.kind === 'sqlite') {
      this.watcher = new WalWatcher(database.target.path, () => this.appended.next(0));
    }
  }

  override async close(): Promise<void> {
    this.watcher?.close();
    await super.close();
  }

  protected override fillingOf(database: OpenDatabase): Filling {
    return new RecentLookUps(database, this.recent, this.own, new ChunkFiller(database));
  }

  protected async send(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    let committing = false;
    try {
      const { store, outcomes } = await this.write.transactionInOneTurn((statements) => {
        const begun = new SqliteBatch(statements, this.known);
        const judged = begun.store(batch);
        committing = true;
        return { store: begun, outcomes: judged };
      });
      store.committed();
      return outcomes;
    } catch (error) {
      // A disk may fail after it has written the commit.
      throw committing ? new OutcomeUnknownError(error) : error;
    }
  }

  protected failureKind(error: unknown): FailureKind {
    return failureKind(error);
  }
}
