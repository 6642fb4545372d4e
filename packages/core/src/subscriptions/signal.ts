/** Something that many wait for, each at most for a while, and that happens again and again. */
export class Signal {
  private readonly waiting = new Set<() => void>();

  /** Wakes everybody who waits now. */
  fire(): void {
    for (const wake of this.waiting) wake();
  }

  /** Settles when it fires, at the latest after `limit` ms, or when the signal is given. */
  wait(limit: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limit);
      this.waiting.add(wake);
      signal?.addEventListener('abort', wake);
      if (signal?.aborted) wake();
    });
  }
}
