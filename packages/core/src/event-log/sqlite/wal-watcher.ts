import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Logger } from '@nestjs/common';

/**
 * Watches a SQLite file's write-ahead log for changes, to detect writes by any process. A hint that saves waiting for
 * the next poll. Where the file system can't be watched, readers still poll.
 */
export class WalWatcher {
  private readonly logger = new Logger(WalWatcher.name);
  private watcher: FSWatcher | undefined;

  constructor(file: string, onWrite: () => void) {
    const wal = `${basename(file)}-wal`;
    try {
      this.watcher = watch(dirname(file), { persistent: false }, (_event, name) => {
        if (name === wal) onWrite();
      });
      this.watcher.on('error', (error) => this.giveUp(error));
    } catch (error) {
      this.giveUp(error as Error);
    }
  }

  close(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private giveUp(error: Error): void {
    this.logger.warn(`Other processes' writes are found by polling alone: ${error.message}`);
    this.close();
  }
}
