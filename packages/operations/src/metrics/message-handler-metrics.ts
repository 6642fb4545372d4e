import { MessageHandlers } from '@leftfold/core';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';

/** The handlers of messages, as this process and its broker see them at the time of the scrape. */
@Injectable()
export class MessageHandlerMetrics {
  private readonly up: Gauge<'handler'>;
  private readonly waiting: Gauge<'handler'>;

  constructor(
    private readonly handlers: MessageHandlers,
    registry: Registry,
  ) {
    const labelNames = ['handler'] as const;
    const registers = [registry];
    this.up = new Gauge({
      name: 'leftfold_message_handler_up',
      help: 'Is 1 while messages of the broker arrive at a handler, and 0 while they do not.',
      labelNames,
      registers,
    });
    this.waiting = new Gauge({
      name: 'leftfold_message_handler_waiting',
      help: 'Messages at the broker that were not delivered to a handler yet. The same on every node.',
      labelNames,
      registers,
    });
  }

  async refresh(): Promise<void> {
    const statuses = await this.handlers.list();
    this.up.reset();
    this.waiting.reset();
    for (const { name: handler, state, waiting } of statuses) {
      // Without a broker nothing is expected to arrive.
      if (state === 'off') continue;
      this.up.set({ handler }, state === 'live' ? 1 : 0);
      if (waiting !== null) this.waiting.set({ handler }, waiting);
    }
  }
}
