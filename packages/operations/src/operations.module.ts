import { LiveModule } from '@leftfold/http';
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Registry } from 'prom-client';
import { OperatorAccess } from './access/operator-access.js';
import { AuditController } from './audit/audit.controller.js';
import { CausationController } from './audit/causation.controller.js';
import { EventBlocks } from './audit/live/event-blocks.js';
import { LiveEventsController } from './audit/live/live-events.controller.js';
import { GetCausationHandler } from './audit/queries/get-causation/get-causation.handler.js';
import { ListEventsHandler } from './audit/queries/list-events/list-events.handler.js';
import { ListStreamHandler } from './audit/queries/list-stream/list-stream.handler.js';
import { ListStreamsHandler } from './audit/queries/list-streams/list-streams.handler.js';
import { StreamsController } from './audit/streams.controller.js';
import { MessageHandlersController } from './message-handlers/message-handlers.controller.js';
import { ListMessageHandlersHandler } from './message-handlers/queries/list-message-handlers/list-message-handlers.handler.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { Exposition } from './metrics/exposition.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { KernelMetrics } from './metrics/kernel-metrics.js';
import { MessageHandlerMetrics } from './metrics/message-handler-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ReplicaMetrics } from './metrics/replica-metrics.js';
import { StateMetrics } from './metrics/state-metrics.js';
import { SubscriptionMetrics } from './metrics/subscription-metrics.js';
import { NodesController } from './nodes/nodes.controller.js';
import { ListNodesHandler } from './nodes/queries/list-nodes/list-nodes.handler.js';
import { OPERATIONS_OPTIONS, type OperationsOptions, resolveOperationsOptions } from './operations-options.js';
import { RecurringJobsController } from './recurring/recurring-jobs.controller.js';
import { GetRecurringJobHandler } from './recurring/queries/get-recurring-job/get-recurring-job.handler.js';
import { ListRecurringJobsHandler } from './recurring/queries/list-recurring-jobs/list-recurring-jobs.handler.js';
import { ListSchedulesHandler } from './schedules/queries/list-schedules/list-schedules.handler.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { DeadLettersController } from './subscriptions/dead-letters.controller.js';
import { GoneSubscriptionsController } from './subscriptions/gone-subscriptions.controller.js';
import { GetDeadLetterHandler } from './subscriptions/queries/get-dead-letter/get-dead-letter.handler.js';
import { GetSubscriptionHandler } from './subscriptions/queries/get-subscription/get-subscription.handler.js';
import { ListDeadLettersHandler } from './subscriptions/queries/list-dead-letters/list-dead-letters.handler.js';
import { ListGoneSubscriptionsHandler } from './subscriptions/queries/list-gone-subscriptions/list-gone-subscriptions.handler.js';
import { ListSubscriptionsHandler } from './subscriptions/queries/list-subscriptions/list-subscriptions.handler.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';

const AUDIT = [ListEventsHandler, ListStreamHandler, ListStreamsHandler, GetCausationHandler, EventBlocks];
const SUBSCRIPTIONS = [
  ListSubscriptionsHandler,
  ListGoneSubscriptionsHandler,
  GetSubscriptionHandler,
  ListDeadLettersHandler,
  GetDeadLetterHandler,
];
const RECURRING = [ListRecurringJobsHandler, GetRecurringJobHandler];
const METRICS = [
  // Not prom-client's default registry: all applications of a process share that one.
  { provide: Registry, useFactory: () => new Registry() },
  Exposition,
  HttpMetrics,
  KernelMetrics,
  MessageHandlerMetrics,
  ReplicaMetrics,
  StateMetrics,
  SubscriptionMetrics,
];

/** What an application passes in. */
export interface OperationsModuleOptions extends OperationsOptions {
  /** Decides who may operate. Its own dependencies must come from global modules, or from `imports`. */
  readonly access: Type<OperatorAccess>;
}

/** Like `OperationsModuleOptions`, with options from a factory. */
export interface OperationsAsyncOptions
  extends Pick<FactoryProvider<OperationsOptions>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {
  readonly access: Type<OperatorAccess>;
}

/**
 * What operators use over HTTP: the log, live; subscriptions and dead letters; `/health/live` and `/health/ready`; `/metrics` for
 * Prometheus. Nothing here appends. `EventSourcingModule` and `HttpModule` must be imported, too.
 */
@Module({})
export class OperationsModule {
  static forRoot({ access, ...options }: OperationsModuleOptions): DynamicModule {
    return OperationsModule.forRootAsync({ access, useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory, access }: OperationsAsyncOptions): DynamicModule {
    return {
      module: OperationsModule,
      imports: [...imports, LiveModule, TerminusModule.forRoot({ logger: false })],
      controllers: [
        AuditController,
        LiveEventsController,
        StreamsController,
        CausationController,
        SubscriptionsController,
        NodesController,
        MessageHandlersController,
        GoneSubscriptionsController,
        DeadLettersController,
        SchedulesController,
        RecurringJobsController,
        HealthController,
        MetricsController,
      ],
      providers: [
        {
          provide: OPERATIONS_OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => resolveOperationsOptions(await useFactory(...args)),
        },
        { provide: OperatorAccess, useClass: access },
        ...AUDIT,
        ...SUBSCRIPTIONS,
        ListNodesHandler,
        ListMessageHandlersHandler,
        ListSchedulesHandler,
        ...RECURRING,
        ...METRICS,
        Readiness,
      ],
      exports: [HttpMetrics],
    };
  }
}
