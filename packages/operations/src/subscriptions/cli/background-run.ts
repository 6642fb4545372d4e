/** Does work in this process that no other process does, while the command shows how it goes on. One at a time. */
export class BackgroundRun {
  private running: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;

  /** @param work answers false when another process has it */
  constructor(private readonly work: () => Promise<boolean>) {}

  start(): void {
    this.running ??= this.run();
  }

  /** @throws what the work has failed with */
  check(): void {
    if (this.failure) throw this.failure.error;
  }

  /** When nothing is under way any more, and what was taken has been given back. */
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
