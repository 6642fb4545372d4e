import type { JsonObject } from './json.js';

/** Why an event was stored: the actor, the command, and the cause. */
export interface EventMetadata {
  /** `<user id>`, `anonymous`, `saga:<name>`, `message:<handler>`, `cli` or `system`. */
  readonly actor: string;
  /** Shared by everything that one incoming request caused. */
  readonly correlationId: string;
  /** Id of the event that caused the command, if an event caused it. */
  readonly causationId?: string;
  readonly commandId?: string;
  /** W3C Trace Context of the request. */
  readonly traceparent?: string;
  /** The application's own metadata, in plain JSON values: `{ tenant: 'acme' }`. The kernel does not read it. */
  readonly custom?: JsonObject;
}
