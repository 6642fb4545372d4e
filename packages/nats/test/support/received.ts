import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Messages of one request. */
const PART = 500;
/** In ms. It is not a wait: a busy machine may need long to answer. */
const TIMEOUT = 20_000;

/** A message as the stream has stored it. */
export interface Received {
  readonly subject: string;
  readonly contentType: string | undefined;
  readonly messageId: string | undefined;
  readonly event: { readonly id: string; readonly subject: string; readonly sequence: string; readonly type: string };
}

/** All messages of the stream, in its order. */
export async function received(url: string | string[], stream = 'LEFTFOLD'): Promise<Received[]> {
  const connection = await connect({ servers: url, timeout: TIMEOUT });
  try {
    const manager = await jetstreamManager(connection, { timeout: TIMEOUT });
    const { state } = await manager.streams.info(stream);
    const { name } = await manager.consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.All,
      mem_storage: true,
      inactive_threshold: 10_000_000_000,
    });
    const messages: Received[] = [];
    if (state.messages === 0) return messages;
    const consumer = await jetstream(connection).consumers.get(stream, name);
    // In parts, because a request ends after a while, and a busy machine would not have got all of them by then.
    while (messages.length < state.messages) {
      const missing = state.messages - messages.length;
      const batch = await consumer.fetch({ max_messages: Math.min(missing, PART), expires: TIMEOUT });
      for await (const message of batch) {
        messages.push({
          subject: message.subject,
          contentType: message.headers?.get('Content-Type'),
          messageId: message.headers?.get('Nats-Msg-Id'),
          event: message.json(),
        });
      }
      if (state.messages - messages.length === missing) throw new Error(`The broker keeps ${missing} messages back.`);
    }
    return messages;
  } finally {
    await connection.close();
  }
}

/** Positions of the messages of one stream of events, in the order of the broker. */
export function positionsIn(messages: readonly Received[], stream: string): number[] {
  return messages.filter(({ event }) => event.subject === stream).map(({ event }) => Number(event.sequence));
}
