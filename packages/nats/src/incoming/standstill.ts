import type { ConsumerInfo } from '@nats-io/jetstream';

/** What matters of a consumer. */
export type Seen = Pick<ConsumerInfo, 'num_pending'> & { readonly delivered: { readonly consumer_seq: number } };

/** Notices that messages wait at a consumer and none is delivered. */
export class Standstill {
  private delivered = -1;
  private since = 0;

  /** @param limit how long messages may wait without a delivery, in ms */
  constructor(private readonly limit: number) {}

  /**
   * Whether it has lasted for longer than the limit, since it was seen first.
   * @param now of a clock that never goes back, in ms
   */
  isReached({ num_pending: waiting, delivered }: Seen, now: number): boolean {
    if (waiting === 0 || delivered.consumer_seq !== this.delivered) {
      this.delivered = delivered.consumer_seq;
      this.since = now;
    }
    return now - this.since > this.limit;
  }
}
