import { aStream, all, anEvent, someEvents, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeReadingStreams(test: LogUnderTest): void {
  it('returns an event as it was appended', async () => {
    const stream = aStream('basket');
    const eventId = '01890A5D-AC96-774B-BCCE-B302099A8057';
    const metadata = {
      actor: 'saga:orders.fulfilment',
      correlationId: 'request 7',
      causationId: 'c',
      commandId: 'd',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      custom: { tenant: 'acme', flags: [true, null], nested: { actor: 'not the actor' } },
    };
    const { recordedAt, position } = await test.log.append(
      toStream(stream, { eventId, type: 'samples.shown', schemaVersion: 3, data: { z: 1, a: [true, null] }, metadata }),
    );

    const [event] = await all(test.nodes[1]!.readStream(stream));

    expect(event).toMatchObject({ position, stream, version: 1, eventId: eventId.toLowerCase(), recordedAt });
    expect(event).toMatchObject({ type: 'samples.shown', schemaVersion: 3, category: 'basket', metadata });
    expect(event!.dataText).toBe('{"z":1,"a":[true,null]}');
    expect(event!.data).toEqual({ z: 1, a: [true, null] });
  });

  it('fills in defaults', async () => {
    const stream = aStream();
    await test.log.append(toStream(stream, { type: 'samples.bare', data: {} }));

    const [event] = await all(test.log.readStream(stream));

    expect(event).toMatchObject({ schemaVersion: 1, actor: 'system', data: {}, correlationId: event!.eventId });
    expect(event!.eventId).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(event!.metadata).toEqual({ actor: 'system', correlationId: event!.eventId });
  });

  it('returns no event of a missing stream', async () => {
    expect(await versionsOf(test.log, aStream())).toEqual([]);
  });

  it('treats stream names literally', async () => {
    const stream = aStream('sample');
    const ends = [' ', '%', '\u00e9', 'e\u0301'];
    const shouted = stream.replace(/-.*/, (id) => id.toUpperCase());
    const alike = [shouted, stream.replace('sample', 'Sample'), `${stream}-`, ...ends.map((end) => stream + end)];
    for (const name of alike) await test.log.append([{ stream: name, expected: 'no-stream', events: [anEvent()] }]);

    expect(await versionsOf(test.log, stream)).toEqual([]);
    for (const name of alike) expect(await versionsOf(test.log, name)).toEqual([1]);
  });

  describe('a stream of ten events', () => {
    const stream = aStream();

    beforeAll(async () => {
      for (const expected of [0, 5]) await test.log.append([{ stream, expected, events: someEvents(5) }]);
    });

    it.each([
      ['forwards', {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
      ['backwards', { backwards: true }, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
      ['the first', { limit: 1 }, [1]],
      ['the last', { limit: 1, backwards: true }, [10]],
      ['a range', { fromVersion: 3, toVersion: 5 }, [3, 4, 5]],
      ['a range backwards', { fromVersion: 3, toVersion: 5, backwards: true }, [5, 4, 3]],
      ['a range with a limit', { fromVersion: 3, toVersion: 9, limit: 2 }, [3, 4]],
      ['a range backwards with a limit', { fromVersion: 3, toVersion: 9, limit: 2, backwards: true }, [9, 8]],
      ['to beyond its end', { fromVersion: 9, toVersion: 99 }, [9, 10]],
      ['beyond its end', { fromVersion: 11 }, []],
      ['an empty range', { fromVersion: 5, toVersion: 4 }, []],
      ['to before its beginning', { toVersion: 0 }, []],
    ])('is read %s', async (_, options, versions) => {
      expect(await versionsOf(test.log, stream, options)).toEqual(versions);
    });
  });

  it('reads a stream of many pages, either way', async () => {
    const stream = aStream();
    const versions = times(2_345, (index) => index + 1);
    await test.log.append(toStream(stream, ...someEvents(2_000)));
    await test.log.append(toStream(stream, ...someEvents(345)));

    expect(await versionsOf(test.log, stream)).toEqual(versions);
    expect(await versionsOf(test.log, stream, { backwards: true })).toEqual(versions.toReversed());
    expect(await versionsOf(test.log, stream, { limit: 1_001, fromVersion: 7 })).toEqual(versions.slice(6, 1_007));
    expect(await versionsOf(test.log, stream, { fromVersion: 346, toVersion: 1_345 })).toHaveLength(1_000);
  });

  it('can be left early', async () => {
    const stream = aStream();
    await test.log.append(toStream(stream, ...someEvents(1_500)));

    for await (const event of test.log.readStream(stream)) if (event.version === 3) break;

    expect(await versionsOf(test.log, stream, { limit: 2 })).toEqual([1, 2]);
  });
}
