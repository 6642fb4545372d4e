import { Logger } from '@nestjs/common';
import type { EventLog, ReadAllOptions } from '../../event-log/event-log.js';
import { RecordedEvent } from '../../event-log/recorded-event.js';
import type { LogTail } from '../log-tail.js';
import { PARKING_RETRY } from '../retry.decorator.js';
import type { Subscription } from '../subscription.js';
import { BatchLoop } from './batch-loop.js';
import type { Checkpoint } from './checkpoint.js';
import type { DeliverySession } from './delivery.js';
import { HandlerFailure } from './handler-failure.js';
import { KnownEvents } from './known-events.js';
import { Run } from './run.js';

const TYPE = 'test.happened';

/**
 * The sizes of the batches of a read model that is behind by all of these events.
 * @param handledInTime how many events it handles in the time for one transaction
 * @param failing position of an event whose handler fails once
 */
async function batchesOf(
  events: readonly RecordedEvent[],
  { suspect = false, handledInTime = Infinity, failing = 0 } = {},
): Promise<number[]> {
  const ending = new AbortController();
  const batches: number[] = [];
  const counted: number[] = [];
  const checkpoint = {
    position: 0,
    restarts: 0,
    lease: {},
    confirm: async () => undefined,
    countAttempt: async (position: number) => counted.push(position) && 1,
  };
  const log = {
    readsInBackground: true,
    readAll: async ({ after, limit }: ReadAllOptions) => {
      const slice = events.slice(after, after + limit);
      return { events: slice, upTo: slice.at(-1)?.position ?? after };
    },
  };
  const session = {
    doDueWork: async () => Infinity,
    deliver: async (delivered: readonly RecordedEvent[], upTo: number) => {
      batches.push(delivered.length);
      const failed = delivered.find(({ position }) => position === failing);
      failing = 0;
      if (failed) throw new HandlerFailure(failed, new Error('not now'));
      const reached = handledInTime < delivered.length ? delivered[handledInTime - 1]!.position : upTo;
      checkpoint.position = reached;
      if (reached === events.length) ending.abort();
      return reached;
    },
  };
  const tail = { position: events.length, slice: () => undefined };
  const run = new Run(new Logger('test'), checkpoint as unknown as Checkpoint, ending.signal, () => undefined);
  const subscription = {
    kind: 'read-model',
    types: [TYPE],
    retry: { ...PARKING_RETRY, backoff: { first: 1, longest: 1 } },
  } as unknown as Subscription;
  const known = new KnownEvents([TYPE], [], () => 1);
  const loop = new BatchLoop(subscription, run, log as unknown as EventLog, tail as unknown as LogTail, known);
  if (suspect) await loop.suspectPoison();
  await loop.deliverTo(session as unknown as DeliverySession);
  expect(counted).toEqual(batches.flatMap((size, index) => (size === 1 && suspect ? [index + 1] : [])));
  return batches;
}

function events(count: number, dataLength = 100): RecordedEvent[] {
  const data = JSON.stringify('x'.repeat(dataLength));
  return Array.from({ length: count }, (_, index) =>
    RecordedEvent.of({
      position: index + 1,
      stream: 'any-1',
      version: index + 1,
      event_id: String(index),
      type: TYPE,
      schema_version: 1,
      data,
      metadata: '{}',
      actor: 'test',
      correlation_id: 'c',
      recorded_at: 0,
    }),
  );
}

it('has larger batches as long as it handles all of their events', async () => {
  expect(await batchesOf(events(10_000))).toEqual([1_000, 2_000, 4_000, 3_000]);
});

it('does not read many more events than it handles in time', async () => {
  expect(await batchesOf(events(4_000), { handledInTime: 600 })).toEqual([1_000, 600, 1_200, 600, 1_200, 600, 400]);
  expect(await batchesOf(events(1_500), { handledInTime: 250 })).toEqual([1_000, 500, 500, 500, 500, 250]);
});

it('delivers the events before one that fails together, and that one alone', async () => {
  expect(await batchesOf(events(900), { failing: 700 })).toEqual([900, 699, 1, 200]);
  expect(await batchesOf(events(3), { failing: 1 })).toEqual([3, 1, 2]);
});

it('has about 4 MiB of text in a batch', async () => {
  expect(await batchesOf(events(1_050, 250 * 1024))).toEqual([1_000, 16, 16, 16, 2]);
});

it('has batches of one event when each is longer than that', async () => {
  expect(await batchesOf(events(1_002, 5 * 1024 * 1024))).toEqual([1_000, 1, 1]);
});

it('delivers and counts each event alone of which the crashed batch may have consisted', async () => {
  const short = await batchesOf(events(4_100), { suspect: true });
  expect(short).toEqual([...Array.from({ length: 4_000 }, () => 1), 100]);
});

it('looks for those in parts when they are long', async () => {
  const long = await batchesOf(events(1_100, 250 * 1024), { suspect: true });
  expect(long.slice(0, 1_100)).toEqual(Array.from({ length: 1_100 }, () => 1));
});
