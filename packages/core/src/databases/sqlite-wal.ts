import { stat } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import type { WriteDatabase } from './write-database.js';

/** What the file of SQLite's write-ahead log may keep when it begins anew, in bytes. It is rewritten every 4 MB otherwise. */
export const WAL_LIMIT = 16 * 1024 * 1024;

/**
 * Shrinks the write-ahead log of a SQLite file. It can't begin anew while somebody reads an older state, so a long reader lets it
 * grow; and when the reader is over, nobody would shrink it before the next write. A look is one at the size of the file.
 */
export class SqliteWal {
  private readonly logger = new Logger(SqliteWal.name);
  private readonly file: string;
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | undefined;

  /**
   * @param path of the database
   * @param write the way in for writes to it
   * @param every so many ms it is looked at
   */
  constructor(
    path: string,
    private readonly write: WriteDatabase,
    every: number,
  ) {
    this.file = `${path}-wal`;
    this.timer = setInterval(
      () => void (this.looking ??= this.look().finally(() => (this.looking = undefined))),
      every,
    );
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      if ((await this.size()) <= WAL_LIMIT) return;
      // While somebody still reads, this does what it can; the next look finds the rest.
      await this.write.statement('pragma wal_checkpoint(truncate)', []);
    } catch (error) {
      this.logger.warn(`${this.file} can't be shrunk at the moment: ${(error as Error).message}`);
    }
  }

  private async size(): Promise<number> {
    try {
      return (await stat(this.file)).size;
    } catch (error) {
      // There is none before the first write.
      if ((error as { code?: string }).code === 'ENOENT') return 0;
      throw error;
    }
  }
}
