import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Logger } from '@nestjs/common';

/** Shortest interval between two hints, in ms: one commit writes several times, and who is told looks at the file. */
const INTERVAL = 4;

/**
 * Watches a SQLite file's write-ahead log for changes, to detect writes by any process. A hint that saves waiting for
 * the next poll: the first change is told at once, later ones at intervals. Where the file system can't be watched,
 * readers still poll.
 */
export class WalWatcher {
  private readonly logger = new Logger(WalWatcher.name);
  private watcher: FSWatcher | undefined;
  /** Runs after each hint. */
  private interval: NodeJS.Timeout | undefined;
  private hasChanged = false;

  constructor(
    file: string,
    private readonly onWrite: () => void,
  ) {
    const wal = `${basename(file)}-wal`;
    try {
      this.watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
        if (name === wal) this.notice();
      });
      this.watcher.on('error', (error) => this.giveUp(error));
    } catch (error) {
      this.giveUp(error as Error);
    }
  }

  close(): void {
    this.watcher?.close();
    this.watcher = undefined;
    clearTimeout(this.interval);
  }

  private notice(): void {
    this.hasChanged = true;
    if (!this.interval) this.tell();
  }

  private tell(): void {
    this.interval = undefined;
    if (!this.hasChanged) return;
    this.hasChanged = false;
    this.interval = setTimeout(() => this.tell(), INTERVAL).unref();
    this.onWrite();
  }

  private giveUp(error: Error): void {
    this.logger.warn(`Other processes' writes are found by polling alone: ${error.message}`);
    this.close();
  }
}
