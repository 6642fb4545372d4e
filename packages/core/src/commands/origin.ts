import type { JsonObject } from '../events/json.js';

/** Where a message comes from: an HTTP request, a command line, a subscription. */
export interface Origin {
  /** `<user id>`, `anonymous`, `saga:<name>`, `message:<handler>`, `cli` or `system`. */
  readonly actor: string;
  /** Shared by all messages that follow from the first one. */
  readonly correlationId: string;
  /** Id of the event that caused it. */
  readonly causationId?: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  /**
   * The application's own metadata for the events that the message leads to, such as a tenant. It is passed on like the
   * correlation id: commands of sagas get the `custom` of the event that caused them.
   */
  readonly custom?: JsonObject;
  /** UUID under which the command is stored, so that a repeat finds its first outcome. */
  readonly commandId?: string;
  /** Hash of the command's content. The same command id with another hash is refused. */
  readonly fingerprint?: string;
  /** Hashes of the same content that earlier versions, or earlier keys, stored: a repeat with one of these is not refused. */
  readonly earlierFingerprints?: readonly string[];
  /** How long the command id is stored, in ms; for ever when left out. */
  readonly keepFor?: number;
  /** Expected version of the command's stream. The command is refused at any other version. */
  readonly expectedVersion?: number;
  /** Position that a query's result must include. */
  readonly minPosition?: number;
}

/** What the command in this context stored in the log. */
export interface CommandOutcome {
  readonly position: number;
  /** Version of the command's own stream. */
  readonly version: number;
  /** The command id was already stored; this is the outcome of the first time. */
  readonly repeated: boolean;
}
