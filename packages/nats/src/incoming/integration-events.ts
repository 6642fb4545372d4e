import { Inbox, pauseAfter, SetupError, type UnderstoodMessage } from '@leftfold/core';
import { Logger } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { BrokerConsumer } from './broker-consumer.js';
import { type CloudEvent, readCloudEvent, storyOf } from './cloud-event.js';
import {
  describeIntegrationEventHandler,
  type HandlerDescriptor,
  type IntegrationEventTranslation,
} from './integration-event-handler.decorator.js';
import { MessageSource } from './message-source.js';

/** Connects the classes with `@IntegrationEventHandler` to the broker and the inbox. */
export class IntegrationEvents {
  private readonly logger = new Logger(IntegrationEvents.name);

  constructor(
    /** Undefined without a broker. Then dead letters can be retried, and no messages are taken. */
    private readonly options: ResolvedNatsOptions | undefined,
    private readonly inbox: Inbox,
    private readonly modules: ModulesContainer,
  ) {}

  /**
   * @internal
   * @throws SetupError when a handler is request-scoped
   */
  onModuleInit(): void {
    const found = this.translations();
    for (const [translation, descriptor] of found) {
      const { name } = descriptor;
      const read = ({ body }: { body: Uint8Array }) => understood(readCloudEvent(body), translation);
      this.inbox.add(translation.constructor, { name, read }, this.sourceOf(descriptor));
    }
    if (found.size > 0 && !this.options) {
      this.logger.warn(`There is no broker, so these handlers get no messages: ${namesOf(found.values())}.`);
    }
  }

  private sourceOf(descriptor: HandlerDescriptor): MessageSource | undefined {
    const { options } = this;
    if (!options) return undefined;
    const { name, subject, concurrency, ackWait } = descriptor;
    return new MessageSource(
      { name, subject, concurrency, ackWait, pauseAfter: (failures) => pauseAfter(failures, options.backoff) },
      new BrokerConsumer(options, descriptor),
      (message) => this.inbox.receive(name, message),
    );
  }

  /** By instance, because providers made with `useExisting` contain the same instance again. */
  private translations(): Map<IntegrationEventTranslation, HandlerDescriptor> {
    const found = new Map<IntegrationEventTranslation, HandlerDescriptor>();
    for (const { providers } of this.modules.values()) {
      for (const wrapper of providers.values()) {
        // For a provider made by a factory, the metatype is the factory, and the instance tells the class.
        const instance = wrapper.instance as IntegrationEventTranslation | undefined;
        const handlerClass = instance?.constructor ?? wrapper.metatype;
        const descriptor = handlerClass && describeIntegrationEventHandler(handlerClass);
        if (!descriptor) continue;
        if (!instance || !wrapper.isDependencyTreeStatic()) {
          throw new SetupError(
            `${handlerClass.name} is request-scoped. A message has no request: make it a singleton.`,
          );
        }
        found.set(instance, descriptor);
      }
    }
    return found;
  }
}

function understood(event: CloudEvent, translation: IntegrationEventTranslation): UnderstoodMessage {
  const { source, id, type } = event;
  return {
    source,
    id,
    type,
    ...storyOf(event),
    data: event.data,
    toCommand: () => translation.toCommand(event),
  };
}

function namesOf(descriptors: Iterable<HandlerDescriptor>): string {
  return Array.from(descriptors, ({ name }) => name).join(', ');
}
