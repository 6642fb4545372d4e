/** Virtual time: what is to happen later, in order. Nothing waits for a real clock. */
export class SimulatedTime {
  private readonly queue: { readonly at: number; readonly nth: number; readonly run: () => void }[] = [];
  private count = 0;

  /** In ms. */
  now = 0;

  after(ms: number, run: () => void): void {
    const entry = { at: this.now + ms, nth: (this.count += 1), run };
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLater(this.queue[middle]!, entry)) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, entry);
  }

  /** Lets time pass until then. */
  runUntil(time: number): void {
    for (let next = this.queue.at(-1); next && next.at <= time; next = this.queue.at(-1)) {
      this.queue.pop();
      this.now = next.at;
      next.run();
    }
    this.now = time;
  }
}

type Entry = { readonly at: number; readonly nth: number };

/** The queue is kept in reverse, because its end is the cheap place to take from. */
function isLater(one: Entry, other: Entry): boolean {
  return one.at > other.at || (one.at === other.at && one.nth > other.nth);
}
