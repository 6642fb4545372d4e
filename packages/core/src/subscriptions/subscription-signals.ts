import { Logger } from '@nestjs/common';
import { Subject, type Subscription as RxSubscription } from 'rxjs';
import type { Databases } from '../databases/databases.js';
import type { EventLog } from '../event-log/event-log.js';
import { WalWatcher } from '../event-log/sqlite/wal-watcher.js';

/** How much a hint is worth: on SQLite every write of anybody looks the same, so most mean nothing. */
export type Hint = 'certain' | 'vague';

/**
 * Tells the processes that share the databases that a row of state may have changed in a way that others must know of: a
 * lease that was given back, something that an operator asked for. Hints, not promises: everybody looks now and then.
 */
export class SubscriptionSignals {
  private readonly logger = new Logger(SubscriptionSignals.name);
  private readonly hints = new Subject<Hint>();
  private readonly ofLog: RxSubscription;
  private readonly watcher: WalWatcher | undefined;
  readonly hints$ = this.hints.asObservable();

  constructor(
    private readonly databases: Databases,
    log: EventLog,
  ) {
    const { events, views } = databases;
    const hint = events.target.kind === 'sqlite' ? 'vague' : 'certain';
    // The log's own hints: a position is an append of this or another process, 0 is anything else.
    this.ofLog = log.appended$.subscribe((position) => {
      if (position === 0) this.hints.next(hint);
    });
    if (views.target.kind === 'sqlite') {
      this.watcher = new WalWatcher(views.target.path, () => this.hints.next('vague'));
    }
  }

  /** Here at once; on PostgreSQL elsewhere too. On SQLite the write itself is what others notice. */
  announce(): void {
    this.hints.next('certain');
    void this.notify();
  }

  /** Settles when the others have been told. */
  async notify(): Promise<void> {
    const { events } = this.databases;
    if (events.target.kind !== 'postgres') return;
    try {
      await events.write.statement(`select pg_notify(?, '0')`, [events.namespace.channel]);
    } catch (error) {
      this.logger.warn(
        `Other processes could not be told of a change, and will find it later: ${(error as Error).message}`,
      );
    }
  }

  close(): void {
    this.ofLog.unsubscribe();
    this.watcher?.close();
  }
}
