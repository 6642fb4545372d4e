import { SetupError } from '@leftfold/core';
import type { Consumer, ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { loadClient } from '../connection/load-client.js';
import { NoStreamError } from './feed-problem.js';
import type { HandlerDescriptor } from './integration-event-handler.decorator.js';

/** The most messages that all processes may have at the same time, when their order does not matter. */
const MOST_UNACKNOWLEDGED = 1_000;
/** Code of the broker: a consumer of that name has other settings. */
const CONSUMER_EXISTS = 10_148;

/** What a handler's consumer is like. */
export interface ConsumerWanted extends Pick<
  HandlerDescriptor,
  'subject' | 'stream' | 'startAt' | 'concurrency' | 'ackWait'
> {
  readonly durable: string;
  /** When a process first looked for messages. */
  readonly since: Date;
  /** In ms. */
  readonly timeout: number;
}

/**
 * The durable consumer, made when it is missing. Where it is in the stream never changes; what else is different is
 * changed, so the last node that starts decides.
 * @throws errors of the client; NoStreamError; SetupError when several streams take the subject
 */
export async function durableConsumer(connection: NatsConnection, wanted: ConsumerWanted): Promise<Consumer> {
  const { timeout, durable } = wanted;
  const { jetstream, jetstreamManager } = await loadClient();
  const manager = await jetstreamManager(connection, { timeout });
  const stream = wanted.stream ?? (await streamOf(manager, wanted.subject));
  const settings = {
    filter_subject: wanted.subject,
    ack_wait: wanted.ackWait * 1_000_000,
    max_ack_pending: wanted.concurrency === 1 ? 1 : MOST_UNACKNOWLEDGED,
  };
  const found =
    (await infoOf(manager, stream, durable)) ??
    (await make(manager, stream, { ...settings, ...(await begin(wanted)) }, durable));
  const { config } = found;
  const isOther = Object.entries(settings).some(([name, value]) => config[name as keyof ConsumerConfig] !== value);
  if (isOther) await manager.consumers.update(stream, durable, settings);
  return jetstream(connection, { timeout }).consumers.get(stream, durable);
}

/**
 * The state of the consumer, as it is: it is not made here.
 * @throws as `durableConsumer`
 */
export async function consumerInfo(
  connection: NatsConnection,
  wanted: Pick<ConsumerWanted, 'subject' | 'stream' | 'durable' | 'timeout'>,
): Promise<ConsumerInfo> {
  const { jetstreamManager } = await loadClient();
  const manager = await jetstreamManager(connection, { timeout: wanted.timeout });
  return manager.consumers.info(wanted.stream ?? (await streamOf(manager, wanted.subject)), wanted.durable);
}

/** The name of a consumer has no dots. Names of handlers have no underscores, so two never give the same. */
export function durableNameOf(prefix: string, handler: string): string {
  return `${prefix}.${handler}`.replaceAll('.', '_');
}

async function streamOf(manager: JetStreamManager, subject: string): Promise<string> {
  const names = await manager.streams.names(subject).next();
  const [name] = names;
  if (name === undefined) throw new NoStreamError(subject);
  if (names.length > 1) {
    throw new SetupError(
      `Several streams of JetStream take the subject ${subject}: ${names.join(', ')}. Name one in the options of @IntegrationEventHandler.`,
    );
  }
  return name;
}

async function infoOf(manager: JetStreamManager, stream: string, durable: string): Promise<ConsumerInfo | undefined> {
  const { JetStreamApiCodes, JetStreamApiError } = await loadClient();
  try {
    return await manager.consumers.info(stream, durable);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return undefined;
    throw error;
  }
}

async function make(
  manager: JetStreamManager,
  stream: string,
  config: Partial<ConsumerConfig>,
  durable: string,
): Promise<ConsumerInfo> {
  const { AckPolicy, JetStreamApiError } = await loadClient();
  try {
    // Without a limit of deliveries: the inbox counts attempts, and a message that is not stored anywhere is not given up.
    return await manager.consumers.add(stream, {
      ...config,
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      max_deliver: -1,
    });
  } catch (error) {
    // Another node has made it meanwhile, and began at another time.
    if (error instanceof JetStreamApiError && error.code === CONSUMER_EXISTS)
      return manager.consumers.info(stream, durable);
    throw error;
  }
}

/** From a time on and not from now on: messages that arrive before the broker could be reached are delivered. */
async function begin({ startAt, since }: ConsumerWanted): Promise<Partial<ConsumerConfig>> {
  const { DeliverPolicy } = await loadClient();
  if (startAt === 'beginning') return { deliver_policy: DeliverPolicy.All };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString() };
}
