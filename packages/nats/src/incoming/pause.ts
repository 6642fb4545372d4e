/** A pause that can be ended. */
export class Pause {
  private ended = false;
  private wake: () => void = () => undefined;

  /** Settles after this time in ms, or when pauses have been ended. */
  of(time: number): Promise<void> {
    if (this.ended) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause, and all later ones at once. */
  end(): void {
    this.ended = true;
    this.wake();
  }
}
