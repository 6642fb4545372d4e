import { EventLog, Inbox, Relays, Subscriptions } from '@leftfold/core';
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { BrokerConnection } from './connection/broker-connection.js';
import { checkNatsLogin } from './connection/login.js';
import { IntegrationEvents } from './incoming/integration-events.js';
import { type NatsOptions, type ResolvedNatsOptions, resolveNatsOptions } from './nats-options.js';
import { EventRelay } from './outgoing/event-relay.js';
import { Publisher } from './outgoing/publisher.js';
import { Republication } from './outgoing/republication.js';

/** Options for `forRootAsync`, made by a factory that can inject other providers. */
export interface NatsAsyncOptions
  extends Pick<FactoryProvider<NatsOptions | undefined>, 'inject' | 'useFactory'>, Pick<ModuleMetadata, 'imports'> {}

const OPTIONS = Symbol('leftfold.nats.options');

/**
 * Publishes the events of the log to NATS JetStream, and takes messages for the classes with `@IntegrationEventHandler`.
 * Import it once, beside `EventSourcingModule`.
 */
@Module({})
export class NatsModule {
  /** @throws SetupError while the application starts */
  static forRoot(options: NatsOptions): DynamicModule {
    return NatsModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * Like `forRoot`, with options made by a factory. Without options there is no subscription, `Republication` is
   * undefined, and no messages are taken.
   * @throws SetupError while the application starts
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: NatsAsyncOptions): DynamicModule {
    return {
      module: NatsModule,
      imports,
      providers: [
        {
          provide: OPTIONS,
          inject,
          useFactory: async (...args: unknown[]) => {
            const options = await useFactory(...args);
            if (options?.login) await checkNatsLogin(options.login);
            return options && resolveNatsOptions(options);
          },
        },
        {
          provide: EventRelay,
          inject: [OPTIONS, Relays],
          useFactory: (options: ResolvedNatsOptions | undefined, relays: Relays) =>
            options && new EventRelay(new Publisher(new BrokerConnection(options), options), options, relays),
        },
        {
          provide: Republication,
          inject: [OPTIONS, EventLog, Subscriptions],
          useFactory: (options: ResolvedNatsOptions | undefined, log: EventLog, subscriptions: Subscriptions) =>
            options && new Republication(options, log, subscriptions),
        },
        {
          provide: IntegrationEvents,
          inject: [OPTIONS, Inbox, ModulesContainer],
          useFactory: (options: ResolvedNatsOptions | undefined, inbox: Inbox, modules: ModulesContainer) =>
            new IntegrationEvents(options, inbox, modules),
        },
      ],
      exports: [Republication],
    };
  }
}
