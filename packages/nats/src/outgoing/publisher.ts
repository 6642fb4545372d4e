import { DependencyAwayError, type RecordedEvent } from '@leftfold/core';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { BrokerConnection } from '../connection/broker-connection.js';
import { loadClient } from '../connection/load-client.js';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { CLOUD_EVENT, cloudEventOf } from './cloud-event.js';
import { subjectOf } from './subject.js';

/** Code of the broker: the message is larger than the stream takes. */
const TOO_LARGE_FOR_STREAM = 10_054;

/** Name of the client's error when nobody answers a subject. */
const NOBODY_ANSWERS = 'JetStreamNotEnabled';

/** Publishes events to JetStream, one message each. */
export class Publisher {
  private readonly categories: ReadonlySet<string> | undefined;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly options: ResolvedNatsOptions,
  ) {
    this.categories = options.categories && new Set(options.categories);
  }

  /** Whether events of this category are published. */
  takes({ category }: Pick<RecordedEvent, 'category'>): boolean {
    return this.categories?.has(category) ?? true;
  }

  /**
   * Publishes the event, and waits until a stream has acknowledged it. The id of the message is the event's, so a stream
   * that has it already, within its duplicate window, stores it once.
   * @throws DependencyAwayError when the broker is away or its stream takes nothing; whether it has the event is unknown
   * @throws Error when the broker will never take this event
   */
  async publish(event: RecordedEvent): Promise<void> {
    const { source, subjectPrefix } = this.options;
    const client = await this.clientOrAway();
    // Loaded with the connection.
    const { JetStreamApiError, errors, headers } = await loadClient();
    const messageHeaders = headers();
    messageHeaders.set('Content-Type', CLOUD_EVENT);
    try {
      await client.publish(subjectOf(event, subjectPrefix), cloudEventOf(event, source), {
        msgID: event.eventId,
        headers: messageHeaders,
      });
    } catch (error) {
      const refused = error instanceof JetStreamApiError;
      const tooLargeForServer = error instanceof errors.InvalidArgumentError && error.message.includes('max_payload');
      const tooLargeForStream = refused && error.code === TOO_LARGE_FOR_STREAM;
      if (tooLargeForServer || tooLargeForStream) {
        const limit = tooLargeForServer ? 'max_payload of the server' : 'max_msg_size of the stream';
        throw new Error(`The event is larger than the broker takes. Raise ${limit}, and retry it.`, { cause: error });
      }
      // A refusal says that the connection works.
      if (!refused) await this.connection.drop(client);
      throw away(error);
    }
  }

  /** Closes the connection. The next event opens another. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private async clientOrAway(): Promise<JetStreamClient> {
    try {
      return await this.connection.client();
    } catch (error) {
      throw away(error);
    }
  }
}

function away(cause: unknown): DependencyAwayError {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const why = name === NOBODY_ANSWERS ? 'no stream takes the subject, or JetStream is not available.' : `${message}.`;
  return new DependencyAwayError(`NATS takes no events at the moment: ${why}`, { cause });
}
