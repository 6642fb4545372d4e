export { type NatsAsyncOptions, NatsModule } from './nats.module.js';
export type { NatsOptions } from './nats-options.js';
export { Republication, type Republished, type RepublishOptions } from './outgoing/republication.js';
