/** A repeatable signal that many callers can wait for, each with a time limit. */
export class Signal {
  private readonly waiting = new Set<() => void>();

  /** Somebody waits for it. */
  get isAwaited(): boolean {
    return this.waiting.size > 0;
  }

  /** Wakes all waiting callers. */
  fire(): void {
    for (const wake of this.waiting) wake();
  }

  /** Settles when it fires, after `limit` ms at the latest, or when the abort signal fires. */
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
