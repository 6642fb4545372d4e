/** So many batches are sent as if other processes went on, although none of their events was seen. */
const REMEMBERED = 16;

/** Whether other processes append to the log at the moment: their events lie between the batches of this one. */
export class OtherWriters {
  /** Last position of the batch before; undefined before the first one. */
  private end: number | undefined;
  private remembered = 0;

  /**
   * Called with the answer to each batch, in the order of the log.
   * @param before last position of the log before the batch
   * @param end last position after it
   */
  note(before: number, end: number): void {
    const hasOthers = this.end !== undefined && this.end !== before;
    this.remembered = hasOthers ? REMEMBERED : Math.max(0, this.remembered - 1);
    this.end = end;
  }

  get areActive(): boolean {
    return this.remembered > 0;
  }
}
