/** Does work one piece after the other, in the order in which it is asked for. */
export class OneByOne {
  private last: Promise<unknown> = Promise.resolve();

  /** @throws what the work throws */
  after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    // The next piece of work begins whatever came of this one; its caller gets the error.
    this.last = done.catch(() => undefined);
    return done;
  }
}
