import { v7 as uuidv7 } from 'uuid';
import { InvalidAppendError, StreamClosedError } from '../event-log/event-log.errors.js';
import type { ExpectedVersion } from '../event-log/event-log.js';
import { aStream, anEvent, settled, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeClosingStreams(test: LogUnderTest): void {
  const close = async (stream: string): Promise<number> => {
    const events = [anEvent(), anEvent({ closes: true })];
    return (await test.log.append([{ stream, expected: 'any', events }])).position;
  };

  it.each<ExpectedVersion>(['any', 'stream-exists', 'no-stream', 2, 7])(
    'refuses further events, whatever is expected: %s',
    async (expected) => {
      const stream = aStream();
      const position = await close(stream);

      const attempt = test.log.append([{ stream, expected, events: [anEvent()] }]);

      await expect(attempt).rejects.toThrow(StreamClosedError);
      await expect(attempt).rejects.toMatchObject({ stream, position, code: 'stream-closed' });
      expect(await versionsOf(test.log, stream)).toEqual([1, 2]);
    },
  );

  it('refuses the whole append, and names the closed stream among several', async () => {
    const [open, closed, other] = [aStream(), aStream(), aStream()];
    await test.log.append(toStream(open, anEvent()));
    await close(closed);

    const attempt = test.log.append(
      [open, closed, other].map((stream) => ({ stream, expected: 'any', events: [anEvent()] })),
    );

    await expect(attempt).rejects.toMatchObject({ stream: closed });
    expect(await versionsOf(test.log, open)).toEqual([1]);
    expect(await versionsOf(test.log, other)).toEqual([]);
  });

  it('goes on to check the version of a closed stream, and to answer a repeat', async () => {
    const stream = aStream();
    const commandId = uuidv7();
    const append = [{ stream, expected: 'any' as const, events: [anEvent({ closes: true })] }];
    const first = await test.log.append(append, { commandId });

    expect(await test.log.append(append, { commandId })).toMatchObject({ position: first.position, repeated: true });
    const beside = { stream: aStream(), expected: 'any' as const, events: [anEvent()] };
    const checked = await test.log.append([{ stream, expected: 1, events: [] }, beside]);
    expect(checked.versions[stream]).toBe(1);
  });

  it('closes one stream and begins the next in one append', async () => {
    const [past, next] = [aStream(), aStream()];

    await test.log.append([
      { stream: past, expected: 'no-stream', events: [anEvent({ closes: true })] },
      { stream: next, expected: 'no-stream', events: [anEvent()] },
    ]);

    expect((await test.log.append(toStream(next, anEvent()))).versions).toEqual({ [next]: 2 });
    await expect(test.log.append(toStream(past, anEvent()))).rejects.toThrow(StreamClosedError);
  });

  it('stores nothing after the closing event, when many append at once', async () => {
    const stream = aStream();

    const { errors } = await settled(
      times(20, (index) => test.log.append([{ stream, expected: 'any', events: [anEvent({ closes: index === 7 })] }])),
    );

    const stored = await versionsOf(test.log, stream);
    expect(stored.length + errors.length).toBe(20);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every((each) => each instanceof StreamClosedError)).toBe(true);
  });

  it('refuses a closing event that is not the last of its stream in the append', async () => {
    const events = [anEvent({ closes: true }), anEvent()];
    const attempt = test.log.append([{ stream: aStream(), expected: 'any', events }]);

    await expect(attempt).rejects.toThrow(InvalidAppendError);
  });
}
