/** Does a subscription's work in this process while no node runs it, so that a waiting command makes progress. At most one run at a time. */
export class BackgroundRun {
  private running: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;

  /** @param work returns false when it could not get the lease: another process has it */
  constructor(private readonly work: () => Promise<boolean>) {}

  start(): void {
    this.running ??= this.run();
  }

  /** @throws the error of the work */
  check(): void {
    if (this.failure) throw this.failure.error;
  }

  /** Resolves when no work is in progress and the lease has been released. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.failure = { error };
    }
    this.running = undefined;
  }
}
