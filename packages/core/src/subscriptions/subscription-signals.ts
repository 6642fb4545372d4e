import { Logger } from '@nestjs/common';
import { Subject, type Subscription as RxSubscription } from 'rxjs';
import { fileOf } from '../databases/database-url.js';
import type { Databases } from '../databases/databases.js';
import type { EventLog } from '../event-log/event-log.js';
import { WalWatcher } from '../event-log/sqlite/wal-watcher.js';

/** How reliable a hint is. On SQLite a hint can't tell which write caused it, so most mean nothing. */
export type Hint = 'certain' | 'vague';

/**
 * Notifies the processes that share the databases that a row of state may have changed in a relevant way: a lease was
 * released, or an operator made a request. Signals may be lost, so every process also polls.
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
    const hint = events.write.dialect.notify === undefined ? 'vague' : 'certain';
    // Hints from the log: a position means an append by any process, 0 means any other write.
    this.ofLog = log.appended$.subscribe((position) => {
      if (position === 0) this.hints.next(hint);
    });
    const file = fileOf(views.target);
    if (file !== undefined) this.watcher = new WalWatcher(file, () => this.hints.next('vague'));
  }

  /**
   * Notifies this process at once, and on PostgreSQL the other nodes. On SQLite the other processes notice the write
   * itself.
   */
  announce(): void {
    this.hints.next('certain');
    void this.notify();
  }

  /** Notifies this process alone. */
  wake(): void {
    this.hints.next('certain');
  }

  /** Settles when the other nodes have been notified. */
  async notify(): Promise<void> {
    const { events } = this.databases;
    const { notify } = events.write.dialect;
    if (notify === undefined) return;
    try {
      await events.write.statement(notify, [events.namespace.channel]);
    } catch (error) {
      this.logger.warn(
        `Other processes could not be notified of a change and will find it at their next poll: ${(error as Error).message}`,
      );
    }
  }

  close(): void {
    this.ofLog.unsubscribe();
    this.watcher?.close();
  }
}
