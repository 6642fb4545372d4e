import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CheckpointThread } from './checkpoint-thread.js';
import { SqliteStatements } from './sqlite-statements.js';

/** After a commit that comes earlier, the write-ahead log is not looked at, in ms. */
const LOOK_EVERY = 1;
/** Time in which the pages are counted that decide whether a thread is worth it, in ms. */
const WINDOW = 1_000;
/** Pages written in that time that make it worth it. */
const BUSY = 1_000;
/** Pages that wait for a checkpoint when the thread begins one. */
const COPY_FROM = 1_000;
/** Pages of the log from which on a commit makes a checkpoint itself: SQLite's number where there is no thread. */
const OWN_CHECKPOINT = { alone: 1_000, besideThread: 4_000 };
/** Pause after a checkpoint that failed, in ms. */
const PAUSE = 1_000;

/** What SQLite says about the write-ahead log, in pages. */
interface Log {
  readonly log: number;
  readonly checkpointed: number;
}

/**
 * Checkpoints beside the commits. By default the commit that makes the write-ahead log longer than 1,000 pages copies them into
 * the file, and its process does nothing else for some 10 ms. In a process that writes much, a thread copies most of them, and
 * a commit copies the rest. It has to: the log begins anew only when all of it is copied, and with commits one after
 * the other a thread never gets that far.
 */
export class SqliteCheckpoints {
  private readonly logger = new Logger(SqliteCheckpoints.name);
  private readonly statements: SqliteStatements;
  private thread: CheckpointThread | undefined;
  private isStopped = false;
  private canAsk: boolean | undefined;
  /** Times by `performance.now()`. */
  private nextLook = 0;
  private window = { ends: 0, pages: 0 };
  private last = 0;

  constructor(
    private readonly path: string,
    private readonly dataSource: DataSource,
  ) {
    this.statements = SqliteStatements.on(dataSource);
  }

  /** Call it after each commit, when no transaction is open. It never throws: what was committed is stored. */
  committed(): void {
    const now = performance.now();
    if (now < this.nextLook || this.isStopped) return;
    this.nextLook = now + LOOK_EVERY;
    try {
      this.look(now);
    } catch (error) {
      this.failed((error as Error).message);
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.thread?.stop();
  }

  private look(now: number): void {
    this.canAsk ??= hasNoop(this.statements);
    if (!this.canAsk) {
      this.isStopped = true;
      return;
    }
    const { log, checkpointed } = this.statements.of('pragma wal_checkpoint(noop)').get() as Log;
    if (!this.thread) {
      if (this.isBusy(log, now)) this.start();
    } else if (!this.thread.isBusy && log - checkpointed >= COPY_FROM) {
      this.thread.checkpoint((problem) => problem !== undefined && this.failed(problem));
    }
  }

  private isBusy(log: number, now: number): boolean {
    if (now > this.window.ends) this.window = { ends: now + WINDOW, pages: 0 };
    // Each commit makes the log longer, unless the log began anew.
    this.window.pages += log > this.last ? log - this.last : log;
    this.last = log;
    return this.window.pages >= BUSY;
  }

  private start(): void {
    try {
      this.thread = CheckpointThread.start(this.path, this.dataSource, (problem) => this.ended(problem));
      if (this.thread) this.setOwn(OWN_CHECKPOINT.besideThread);
      // Another driver than a thread can load: all stays as it is.
      else this.isStopped = true;
    } catch (error) {
      this.ended((error as Error).message);
    }
  }

  private ended(problem: string | undefined): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.logger.warn(`${this.path}: the thread for checkpoints ended: ${problem}. Commits make them from now on.`);
    try {
      this.setOwn(OWN_CHECKPOINT.alone);
    } catch (error) {
      // Commits then make them after 4,000 pages.
      this.failed((error as Error).message);
    }
  }

  private failed(problem: string): void {
    this.nextLook = performance.now() + PAUSE;
    this.logger.warn(`${this.path}: no checkpoint at the moment: ${problem}`);
  }

  private setOwn(pages: number): void {
    this.statements.of(`pragma wal_autocheckpoint = ${pages}`).get();
  }
}

/** From SQLite 3.51 on. An earlier one would make a checkpoint when it is asked how long the log is. */
function hasNoop(statements: SqliteStatements): boolean {
  const { version } = statements.of('select sqlite_version() as version').get() as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 51);
}
