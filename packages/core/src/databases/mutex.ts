/** Runs tasks one after the other. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all earlier tasks have settled. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const running = this.last.then(work);
    // The next task starts even when this one fails. The caller of this one gets the error.
    this.last = running.catch(() => undefined);
    return running;
  }

  /** Settles when all tasks queued so far have settled. */
  async drained(): Promise<void> {
    await this.last;
  }
}
