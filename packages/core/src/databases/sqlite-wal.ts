import { stat } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import type { WriteDatabase } from './write-database.js';

/**
 * Size limit of SQLite's write-ahead log file after a restart of the log, in bytes. Usually the log restarts every 4
 * MB, or every 16 where a thread makes checkpoints.
 */
export const WAL_LIMIT = 32 * 1024 * 1024;

/**
 * Shrinks the write-ahead log of a SQLite file. The log can't restart while a reader uses an older state, so a long
 * read lets it grow. After that read, it would shrink only with the next write. A check only reads the
 * file's size.
 */
export class SqliteWal {
  private readonly logger = new Logger(SqliteWal.name);
  private readonly file: string;
  private readonly timer: NodeJS.Timeout;
  private checking: Promise<void> | undefined;

  /**
   * @param path of the database
   * @param write all writes to it go through this
   * @param every interval between checks, in ms
   */
  constructor(
    path: string,
    private readonly write: WriteDatabase,
    every: number,
  ) {
    this.file = `${path}-wal`;
    this.timer = setInterval(
      () => void (this.checking ??= this.check().finally(() => (this.checking = undefined))),
      every,
    );
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  private async check(): Promise<void> {
    try {
      if ((await this.size()) <= WAL_LIMIT) return;
      // While a reader is still active this shrinks what it can; the next check does the rest.
      await this.write.statement('pragma wal_checkpoint(truncate)', []);
    } catch (error) {
      this.logger.warn(`${this.file} can't be shrunk at the moment: ${(error as Error).message}`);
    }
  }

  private async size(): Promise<number> {
    try {
      return (await stat(this.file)).size;
    } catch (error) {
      // The file does not exist before the first write.
      if ((error as { code?: string }).code === 'ENOENT') return 0;
      throw error;
    }
  }
}
