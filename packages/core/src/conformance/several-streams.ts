import { withAnyTag } from '../events/event-query.js';
import { ConcurrencyError, InvalidAppendError } from '../event-log/event-log.errors.js';
import type { StreamAppend } from '../event-log/event-log.js';
import {
  aStream,
  aTag,
  all,
  anEvent,
  everythingAfter,
  settled,
  someEvents,
  times,
  toStream,
  versionsOf,
} from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeSeveralStreams(test: LogUnderTest): void {
  it('stores the events of all streams, in the order in which they were given', async () => {
    const [one, two] = [aStream('one'), aStream('two')];
    await test.log.append(toStream(two, ...someEvents(3)));
    const before = await test.log.head();

    const result = await test.log.append([
      { stream: two, expected: 3, events: someEvents(2) },
      { stream: one, expected: 'no-stream', events: someEvents(1) },
    ]);

    expect(result).toMatchObject({ position: before + 3, versions: { [one]: 1, [two]: 5 } });
    const stored = await everythingAfter(test.log, before);
    expect(stored.map(({ position, stream, version }) => ({ position, stream, version }))).toEqual([
      { position: before + 1, stream: two, version: 4 },
      { position: before + 2, stream: two, version: 5 },
      { position: before + 3, stream: one, version: 1 },
    ]);
  });

  it.each(['first', 'middle', 'last'])(
    'stores no event in any stream when the expected version of the %s is wrong',
    async (place) => {
      const streams = times(3, () => aStream());
      const bad = streams[['first', 'middle', 'last'].indexOf(place)]!;
      const tag = aTag();
      const before = await test.log.head();

      const attempt = test.log.append(
        streams.map((stream) => ({ stream, expected: stream === bad ? 7 : 0, events: [anEvent({ tags: [tag] })] })),
      );

      await expect(attempt).rejects.toThrow(ConcurrencyError);
      await expect(attempt).rejects.toMatchObject({ stream: bad, expected: 7, actual: 0 });
      expect(await test.log.head()).toBe(before);
      for (const stream of streams) expect(await versionsOf(test.log, stream)).toEqual([]);
      expect(await all(test.log.readTagged(withAnyTag([tag])))).toEqual([]);
    },
  );

  it('checks the version of a stream without events', async () => {
    const [looked, written] = [aStream(), aStream()];
    await test.log.append(toStream(looked));
    const appends = (expected: StreamAppend['expected']): StreamAppend[] => [
      { stream: looked, expected, events: [] },
      { stream: written, expected: 'any', events: [anEvent()] },
    ];

    await expect(test.log.append(appends(2))).rejects.toMatchObject({ stream: looked, actual: 1 });
    const result = await test.log.append(appends(1));

    expect(result.versions).toEqual({ [looked]: 1, [written]: 1 });
    expect(await versionsOf(test.log, written)).toEqual([1]);
  });

  it('lets exactly one of two appends to the same two streams in opposite order win', async () => {
    for (let round = 0; round < 20; round++) {
      const [one, two] = [aStream(), aStream()];
      const append = (node: number, streams: string[]) =>
        test.nodes[node]!.append(
          streams.map((stream) => ({ stream, expected: 0, events: [anEvent({ data: { node } })] })),
        );

      const { results } = await settled([append(0, [one, two]), append(1, [two, one])]);

      expect(results).toHaveLength(1);
      const stored = [...(await all(test.log.readStream(one))), ...(await all(test.log.readStream(two)))];
      expect(stored).toHaveLength(2);
      expect(stored[0]!.data.node).toBe(stored[1]!.data.node);
    }
  });

  it('refuses a stream that occurs twice in one append', async () => {
    const stream = aStream();

    await expect(test.log.append([...toStream(stream), ...toStream(stream)])).rejects.toThrow(InvalidAppendError);
  });
}
