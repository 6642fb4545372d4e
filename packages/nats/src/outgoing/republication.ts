import { setImmediate as nextTurn } from 'node:timers/promises';
import { EventLog, type RecordedEvent, Subscriptions } from '@leftfold/core';
import { BrokerConnection } from '../connection/broker-connection.js';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { Publisher } from './publisher.js';

/** Which events to publish again. */
export interface RepublishOptions {
  /** Position of the first event, from 1. */
  readonly from: number;
  /** Called after each batch with the position that is done, and the last one. */
  readonly onProgress?: ((position: number, last: number) => void) | undefined;
  /** Interrupts it between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/** What was published again. */
export interface Republished {
  readonly from: number;
  /** Position of the last event; what comes after it is published by the subscription. */
  readonly to: number;
  /** Events that were published. */
  readonly events: number;
}

const BATCH = 500;

/**
 * Publishes events of the log again, up to the checkpoint of the subscription, for a broker that has lost some or never
 * had them. In order per stream; but the subscription goes on meanwhile, so later events of a stream may come first.
 * What the stream still knows by its message id, within its duplicate window, it does not store again.
 */
export class Republication {
  constructor(
    private readonly options: ResolvedNatsOptions,
    private readonly log: EventLog,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** @throws DependencyAwayError when the broker is away; the signal's reason when it is aborted */
  async run({ from, onProgress, signal }: RepublishOptions): Promise<Republished> {
    const { position: to } = await this.subscriptions.get(this.options.name);
    // Its own connection: the subscription closes the other when it stops.
    const publisher = new Publisher(new BrokerConnection(this.options), this.options);
    try {
      return await this.publishUpTo(to, publisher, { from, onProgress, signal });
    } finally {
      await publisher.close();
    }
  }

  private async publishUpTo(
    to: number,
    publisher: Publisher,
    { from, onProgress, signal }: RepublishOptions,
  ): Promise<Republished> {
    let [events, done] = [0, from - 1];
    while (done < to) {
      signal?.throwIfAborted();
      const slice = await this.log.readAll({ after: done, upTo: to, limit: BATCH });
      events += await this.publishAll(slice.events, publisher);
      done = slice.upTo;
      onProgress?.(done, to);
      await nextTurn();
    }
    return { from, to: Math.max(to, from - 1), events };
  }

  private async publishAll(events: readonly RecordedEvent[], publisher: Publisher): Promise<number> {
    const taken = events.filter((event) => publisher.takes(event));
    const streams = Map.groupBy(taken, ({ stream }) => stream).values();
    const publishStreams = async (): Promise<void> => {
      for (const stream of streams) for (const event of stream) await publisher.publish(event);
    };
    // They share one iterator, so each takes the next stream.
    await Promise.all(Array.from({ length: this.options.concurrency }, publishStreams));
    return taken.length;
  }
}
