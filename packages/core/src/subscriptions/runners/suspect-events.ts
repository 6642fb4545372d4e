/** Position up to which events are delivered one at a time, because one of them failed or may be a poison event. */
export class SuspectEvents {
  private poisonUpTo = 0;
  private failedUpTo = 0;

  /** The event at this position failed: every event up to there gets a transaction of its own. */
  failedAt(position: number): void {
    this.failedUpTo = Math.max(this.failedUpTo, position);
  }

  /** A process may have crashed on an event up to this position: each is counted before it is delivered. */
  suspectPoisonUpTo(position: number): void {
    this.poisonUpTo = position;
  }

  /** Whether the next event after this position is delivered alone. */
  mustBeAlone(position: number): boolean {
    return position < Math.max(this.failedUpTo, this.poisonUpTo);
  }

  /** Whether the event at this position is counted before it is delivered. */
  mayBePoison(position: number): boolean {
    return position <= this.poisonUpTo;
  }
}
