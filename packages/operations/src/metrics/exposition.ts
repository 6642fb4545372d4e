import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HttpMetrics } from './http-metrics.js';
import { MessageHandlerMetrics } from './message-handler-metrics.js';
import { StateMetrics } from './state-metrics.js';

/** All metrics of this application in the text format of Prometheus. */
@Injectable()
export class Exposition {
  private underWay: Promise<string> | undefined;
  private knowsProcess = false;

  constructor(
    private readonly registry: Registry,
    private readonly state: StateMetrics,
    private readonly messageHandlers: MessageHandlerMetrics,
    http: HttpMetrics,
  ) {
    registry.registerMetric(http.duration);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The current values. A scrape during another scrape gets the same answer. */
  text(): Promise<string> {
    this.underWay ??= this.make().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async make(): Promise<string> {
    // Created at the first scrape: it observes the whole process until the process ends.
    if (!this.knowsProcess) collectDefaultMetrics({ register: this.registry });
    this.knowsProcess = true;
    await Promise.all([this.state.refresh(), this.messageHandlers.refresh()]);
    return this.registry.metrics();
  }
}
