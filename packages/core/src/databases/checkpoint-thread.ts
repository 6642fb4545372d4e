import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { DataSource } from 'typeorm';

/**
 * A text, because an application that bundles this package has no file that a thread could load, and the sources are TypeScript.
 * It answers each message with the error of the checkpoint, or with nothing.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const Database = require(workerData.driver);
const database = new Database(workerData.path, { fileMustExist: true, timeout: 0 });
database.pragma('synchronous = full');
const checkpoint = database.prepare('pragma wal_checkpoint(passive)');
parentPort.on('message', (message) => {
  if (message === 'stop') {
    database.close();
    parentPort.close();
    return;
  }
  let problem;
  try {
    checkpoint.get();
  } catch (error) {
    problem = error.message;
  }
  parentPort.postMessage(problem);
});
`;

/** From this version of better-sqlite3 on, a thread that has it loaded may end at any time. */
const FIRST_FOR_THREADS = 13;

/** @param problem what kept the thread from its checkpoint */
type Answer = (problem: string | undefined) => void;

/**
 * A thread with a connection of its own to a SQLite file. It copies the write-ahead log into the file beside the commits of the
 * other connections, and waits for none of them.
 */
export class CheckpointThread {
  private answer: Answer | undefined;
  private readonly ended: Promise<void>;

  private constructor(
    private readonly worker: Worker,
    onEnd: (problem: string | undefined) => void,
  ) {
    let problem: string | undefined;
    worker.on('message', (message: string | undefined) => this.answered(message));
    worker.on('error', (error: Error) => (problem = error.message));
    this.ended = new Promise((resolve) => {
      worker.on('exit', () => {
        resolve();
        onEnd(problem);
      });
    });
    // After the listener, which would keep the process alive.
    worker.unref();
  }

  /**
   * @param onEnd called when the thread has ended, with the error that ended it
   * @returns undefined when the file's driver is none that a thread can load
   */
  static start(path: string, { driver }: DataSource, onEnd: (problem?: string) => void): CheckpointThread | undefined {
    const require = createRequire(import.meta.url);
    const { version } = require('better-sqlite3/package.json') as { version: string };
    // Two copies of SQLite in one process would undo each other's locks.
    const isSame = require('better-sqlite3') === (driver as { sqlite?: unknown }).sqlite;
    if (!isSame || parseInt(version, 10) < FIRST_FOR_THREADS) return undefined;
    const workerData = { driver: require.resolve('better-sqlite3'), path };
    return new CheckpointThread(new Worker(PROGRAM, { eval: true, workerData, execArgv: [], env: {} }), onEnd);
  }

  get isBusy(): boolean {
    return this.answer !== undefined;
  }

  /** Begins a checkpoint. Call it only while the thread is not busy. */
  checkpoint(answer: Answer): void {
    this.answer = answer;
    this.tell('checkpoint');
  }

  /** Settles when the thread has closed its connection. */
  async stop(): Promise<void> {
    this.worker.ref();
    this.tell('stop');
    await this.ended;
  }

  private tell(message: 'checkpoint' | 'stop'): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
    this.worker.postMessage(message);
  }

  private answered(problem: string | undefined): void {
    const { answer } = this;
    this.answer = undefined;
    answer?.(problem);
  }
}
