/** Runs pieces of work one after the other. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when those before it have ended, whatever became of them. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const running = this.last.then(work);
    // The next one starts whatever became of this one; the caller of `run` sees its error.
    this.last = running.catch(() => undefined);
    return running;
  }

  /** Settles when those that were asked for by now have ended. */
  async drained(): Promise<void> {
    await this.last;
  }
}
