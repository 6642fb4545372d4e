import type { IncomingMessage, Receipt } from '@leftfold/core';
import type { JsMsg } from '@nats-io/jetstream';

/** Tells the broker what came of the message. */
export function answer(message: JsMsg, receipt: Receipt): void {
  switch (receipt.kind) {
    case 'done':
      return message.ack();
    case 'dead':
      // Servers before 2.11 take no reason.
      return message.term();
    case 'again':
      return message.nak(Math.ceil(receipt.after));
  }
}

/** The message as the inbox takes it. */
export function incoming(message: JsMsg): IncomingMessage {
  const { stream, streamSequence, deliveryCount } = message.info;
  return {
    stream,
    sequence: streamSequence,
    storedAt: String(message.timestampNanos),
    deliveries: deliveryCount,
    subject: message.subject,
    body: message.data,
  };
}
