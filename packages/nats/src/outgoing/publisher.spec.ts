import type { RecordedEvent } from '@leftfold/core';
import { loadClient } from '../connection/load-client.js';
import { resolveNatsOptions } from '../nats-options.js';
import { Publisher } from './publisher.js';

const event = {
  eventId: '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
  category: 'order',
  stream: 'order-1',
  recordedAt: new Date(0),
  metadata: {},
  dataText: '{}',
} as RecordedEvent;

async function refusalOf(refusal: Error): Promise<unknown> {
  const client = { publish: () => Promise.reject(refusal) };
  const connection = { client: async () => client, drop: async () => undefined };
  const publisher = new Publisher(connection as never, resolveNatsOptions({ servers: 'nats://127.0.0.1' }));
  return publisher.publish(event).catch((error: unknown) => error);
}

it('names the limit of the server that an event is larger than', async () => {
  const { errors } = await loadClient();

  const refusal = await refusalOf(new errors.InvalidArgumentError(`'payload' max_payload size exceeded`));

  expect(refusal).toMatchObject({ name: 'Error', message: expect.stringContaining('Raise max_payload of the server') });
});

it('names the limit of the stream that an event is larger than', async () => {
  const { JetStreamApiError } = await loadClient();
  const answer = { code: 400, err_code: 10_054, description: 'message size exceeds maximum allowed' };

  const refusal = await refusalOf(new JetStreamApiError(answer));

  expect(refusal).toMatchObject({
    name: 'Error',
    message: expect.stringContaining('Raise max_msg_size of the stream'),
  });
});
