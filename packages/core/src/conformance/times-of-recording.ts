import { aStream, all, everythingAfter, someEvents, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeTimesOfRecording(test: LogUnderTest): void {
  it('never go back along the log', async () => {
    await Promise.all(times(200, (index) => test.nodes[index % 4]!.append(toStream(aStream(), ...someEvents(2)))));

    const moments = (await everythingAfter(test.log, 0)).map((event) => event.recordedAt.getTime());

    expect(moments.length).toBeGreaterThanOrEqual(400);
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  });

  it('are the moment of the append, in whole milliseconds', async () => {
    const before = Date.now();
    const { recordedAt } = await test.log.append(toStream(aStream()));
    const after = Date.now();

    // The database's clock is the same machine's, but it may round to milliseconds differently.
    expect(recordedAt.getTime()).toBeGreaterThanOrEqual(before - 2);
    expect(recordedAt.getTime()).toBeLessThanOrEqual(after + 2);
  });

  it('limit a stream to a moment, inclusive', async () => {
    const stream = aStream();
    for (let step = 0; step < 4; step++) {
      await test.log.append(toStream(stream, ...someEvents(2)));
      await nextMillisecond();
    }
    const events = await all(test.log.readStream(stream));

    for (const { version, recordedAt } of events) {
      const upTo = events.findLast((event) => event.recordedAt <= recordedAt)!.version;
      const justBefore = new Date(recordedAt.getTime() - 1);
      expect(await versionsOf(test.log, stream, { until: recordedAt })).toEqual(times(upTo, (index) => index + 1));
      expect(await versionsOf(test.log, stream, { until: justBefore })).not.toContain(version);
    }
    expect(new Set(events.map((event) => event.recordedAt.getTime())).size).toBe(4);
    const [third] = await all(test.log.readStream(stream, { fromVersion: 3, limit: 1 }));
    expect(await versionsOf(test.log, stream, { until: third!.recordedAt, backwards: true, limit: 2 })).toEqual([4, 3]);
  });

  // Must be the last test: from here on, this log's clock stands still.
  it('never go before the last event, even if a clock was ahead', async () => {
    const [stream, later] = [aStream(), aStream()];
    const ahead = new Date(Date.now() + 3_600_000);
    await test.harness.storeRecordedAt(stream, ahead);

    const results = await Promise.all(times(10, (index) => test.nodes[index % 4]!.append(toStream(later))));

    for (const each of results) expect(each.recordedAt).toEqual(ahead);
    const stored = await all(test.log.readStream(later));
    expect(stored.map((event) => event.recordedAt.getTime())).toEqual(times(10, () => ahead.getTime()));
    expect(await versionsOf(test.log, later, { until: new Date() })).toEqual([]);
  });
}

async function nextMillisecond(): Promise<void> {
  for (const now = Date.now(); Date.now() <= now + 1;) await new Promise((resolve) => setImmediate(resolve));
}
