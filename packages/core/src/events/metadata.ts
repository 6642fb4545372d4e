import type { JsonObject } from './json.js';

/** Why an event is there: who asked for it, through which command, in answer to what. */
export interface EventMetadata {
  /** `<user id>`, `anonymous`, `saga:<name>`, `cli` or `system`. */
  readonly actor: string;
  /** Shared by everything that one request from outside set off. */
  readonly correlationId: string;
  /** Id of the event that caused the command, where an event did. */
  readonly causationId?: string;
  readonly commandId?: string;
  /** W3C Trace Context of the request. */
  readonly traceparent?: string;
  /** What the application itself wants to keep, as plain JSON values: `{ tenant: 'acme' }`. The kernel does not look at it. */
  readonly custom?: JsonObject;
}
