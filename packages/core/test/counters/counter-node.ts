import { type INestApplicationContext, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import {
  AggregateRepository,
  DeadLetters,
  EventLog,
  EventSourcingModule,
  type EventSourcingOptions,
  MessageContext,
  type Origin,
  Subscriptions,
  type SubscriptionStatus,
} from '../../src/index.js';
import type { TestDatabase } from '../support/databases.js';
import { COUNTER_HANDLERS, Counter, NameUse } from './counter.js';
import {
  CounterView,
  CounterViewProjection,
  CreateCounterView1750000900000,
  GetCounterHandler,
  Interference,
} from './counter-view.js';

/** The kernel with one small feature, as a node that shares its database with others. */
export class CounterNode {
  private constructor(private readonly app: INestApplicationContext) {}

  static async start(
    database: TestDatabase,
    options: Partial<EventSourcingOptions> = {},
    extra: ModuleMetadata = {},
  ): Promise<CounterNode> {
    return new CounterNode(
      await bootKernel(database, options, {
        imports: [
          EventSourcingModule.forFeature({
            aggregates: [Counter],
            decisionModels: [NameUse],
            readModels: [CounterView],
            migrations: { views: [CreateCounterView1750000900000] },
          }),
          ...(extra.imports ?? []),
        ],
        providers: [
          ...COUNTER_HANDLERS,
          CounterViewProjection,
          GetCounterHandler,
          Interference,
          ...(extra.providers ?? []),
        ],
      }),
    );
  }

  readonly get = <T>(token: abstract new (...args: never[]) => T): T => this.app.get<T>(token, { strict: false });

  get interference(): Interference {
    return this.get(Interference);
  }

  get commands(): CommandBus {
    return this.get(CommandBus);
  }

  get queries(): QueryBus {
    return this.get(QueryBus);
  }

  get aggregates(): AggregateRepository {
    return this.get(AggregateRepository);
  }

  get log(): EventLog {
    return this.get(EventLog);
  }

  /** Runs an incoming message, and returns its outcome in the log. */
  async from<T>(origin: Partial<Origin>, work: () => Promise<T>) {
    const context = this.get(MessageContext);
    return context.run({ actor: 'tester', correlationId: uuidv7(), ...origin }, async () => {
      const result = await work();
      return { result, outcome: context.outcome };
    });
  }

  status(name = 'counters.counter-view'): Promise<SubscriptionStatus> {
    return this.subscriptions.get(name);
  }

  get subscriptions(): Subscriptions {
    return this.get(Subscriptions);
  }

  get deadLetters(): DeadLetters {
    return this.get(DeadLetters);
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

export async function bootKernel(
  database: TestDatabase,
  options: Partial<EventSourcingOptions>,
  feature: ModuleMetadata,
): Promise<INestApplicationContext> {
  class FeatureModule {}
  Module(feature)(FeatureModule);
  class RootModule {}
  Module({
    imports: [
      EventSourcingModule.forRoot({
        url: database.url,
        viewsUrl: database.viewsUrl,
        ...options,
        // Each connection costs PostgreSQL 30 ms of CPU, and a test needs few at the same time.
        databaseLimits: { connections: 3, ...options.databaseLimits },
      }),
      FeatureModule,
    ],
  })(RootModule);
  return NestFactory.createApplicationContext(RootModule, { logger: false, abortOnError: false });
}
