export { checkNatsLogin, type NatsLogin } from './connection/login.js';
export type { CloudEvent } from './incoming/cloud-event.js';
export {
  IntegrationEventHandler,
  type IntegrationEventHandlerOptions,
  type IntegrationEventTranslation,
} from './incoming/integration-event-handler.decorator.js';
export { type NatsAsyncOptions, NatsModule } from './nats.module.js';
export type { NatsOptions } from './nats-options.js';
export { Republication, type Republished, type RepublishOptions } from './outgoing/republication.js';
