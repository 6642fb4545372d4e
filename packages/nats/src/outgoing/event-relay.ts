import { type RecordedEvent, type RelayHandler, Relays } from '@leftfold/core';
import type { ResolvedNatsOptions } from '../nats-options.js';
import type { Publisher } from './publisher.js';

/** The subscription that publishes events. */
export class EventRelay implements RelayHandler {
  constructor(
    private readonly publisher: Publisher,
    private readonly options: ResolvedNatsOptions,
    private readonly relays: Relays,
  ) {}

  /** @internal */
  onModuleInit(): void {
    const { name, startAt, concurrency, backoff } = this.options;
    this.relays.add({ name, startAt, concurrency, retry: { backoff } }, this);
  }

  async handle(event: RecordedEvent): Promise<void> {
    if (this.publisher.takes(event)) await this.publisher.publish(event);
  }

  close(): Promise<void> {
    return this.publisher.close();
  }
}
