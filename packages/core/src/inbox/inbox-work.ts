import type { BackgroundWork } from '../subscriptions/subscription-host.js';

/** What takes messages from brokers, and what retries them on request. */
export class InboxWork implements BackgroundWork {
  constructor(
    private readonly feeds: ReadonlyMap<string, BackgroundWork>,
    private readonly retries: BackgroundWork,
    /** Throws when a handler has the name of something else whose dead letters are listed. */
    readonly checkSetUp: () => void,
  ) {}

  start(): void {
    for (const each of this.all) each.start();
  }

  check(): void {
    for (const each of this.all) each.check();
  }

  /** Lets the messages be handled that were taken. */
  async stop(): Promise<void> {
    await Promise.all(this.all.map((each) => each.stop()));
  }

  private get all(): readonly BackgroundWork[] {
    return [...this.feeds.values(), this.retries];
  }
}
