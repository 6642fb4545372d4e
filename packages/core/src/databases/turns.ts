/** Pieces of work that run one after the other. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when those before it have ended, whatever became of them. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    // The next one starts whatever became of this one; whoever took the turn sees its error.
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Settles when those that were asked for by now have ended. */
  async over(): Promise<void> {
    await this.last;
  }
}
