import { Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Exposition } from './exposition.js';
import { KernelMetrics } from './kernel-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { StateMetrics } from './state-metrics.js';
import { SubscriptionMetrics } from './subscription-metrics.js';
import { AppHttpModule } from '../http/app-http.module.js';

/** `/metrics`, for Prometheus. The kernel's `Telemetry`, `EventLog`, `Subscriptions` and `DeadLetters` must be there. */
@Module({
  imports: [AppHttpModule],
  controllers: [MetricsController],
  providers: [
    // Never prom-client's own: that one is shared by all applications of a process.
    { provide: Registry, useFactory: () => new Registry() },
    Exposition,
    KernelMetrics,
    StateMetrics,
    SubscriptionMetrics,
  ],
})
export class MetricsModule {}
