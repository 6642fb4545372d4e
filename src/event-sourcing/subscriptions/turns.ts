/** Pieces of work that run one after the other. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    // The next one starts whatever became of this one; whoever took the turn sees its error.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
