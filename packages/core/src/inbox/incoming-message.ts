/** What a broker stores of a message. */
export interface RawMessage {
  readonly subject: string;
  readonly body: Uint8Array;
}

/** A message that a broker has delivered, maybe again. */
export interface IncomingMessage extends RawMessage {
  /** Stream of the broker. */
  readonly stream: string;
  /** Place in that stream. */
  readonly sequence: number;
  /** When the broker stored it. With stream and sequence it names the message, also when the stream is made anew. */
  readonly storedAt: string;
  /** How often it was delivered, from 1. */
  readonly deliveries: number;
}

/** A message that was understood. */
export interface UnderstoodMessage {
  /** `source` and `id` name what the message is about, however often it is published. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** Default: the id of the command. */
  readonly correlationId?: string | undefined;
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** What an error may quote. It is removed from stored errors, because it may be personal. */
  readonly data: unknown;

  /**
   * What to do about it; undefined for nothing. Called for each attempt, so it must depend on the message alone.
   * @throws when the message has no meaning here; then it is a dead letter
   */
  toCommand(): object | undefined;
}

/** Turns the messages of one durable consumer into commands. */
export interface MessageHandler {
  /** `<feature>.<what-it-does>`. It is part of the commands' ids, so it never changes. */
  readonly name: string;

  /** @throws when the message can't be understood; then it is a dead letter */
  read(message: RawMessage): UnderstoodMessage;
}

/**
 * What to tell the broker. `done`: the outcome is stored, or there is nothing to do. `dead`: it is stored as a dead letter,
 * so the broker must not deliver it again. `again`: deliver it again, after so many ms.
 */
export type Receipt =
  | { readonly kind: 'done' }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'again'; readonly after: number };
