import { ConcurrencyError } from '../event-log/event-log.errors.js';
import type { ExpectedVersion } from '../event-log/event-log.js';
import { aStream, all, anEvent, settled, someEvents, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

const RACERS = 32;

export function describeExpectations(test: LogUnderTest): void {
  describe.each<{ expected: ExpectedVersion; holdsAt: readonly number[] }>([
    { expected: 'any', holdsAt: [0, 1, 3] },
    { expected: 'no-stream', holdsAt: [0] },
    { expected: 'stream-exists', holdsAt: [1, 3] },
    { expected: 0, holdsAt: [0] },
    { expected: 1, holdsAt: [1] },
    { expected: 2, holdsAt: [] },
    { expected: 3, holdsAt: [3] },
    { expected: 4, holdsAt: [] },
  ])('expected: $expected', ({ expected, holdsAt }) => {
    it.each([0, 1, 3])('on a stream at version %i', async (version) => {
      const stream = aStream();
      if (version > 0) await test.log.append(toStream(stream, ...someEvents(version)));

      const attempt = test.log.append([{ stream, expected, events: someEvents(2) }]);

      if (holdsAt.includes(version)) {
        await expect(attempt).resolves.toMatchObject({ versions: { [stream]: version + 2 }, repeated: false });
        expect(await versionsOf(test.log, stream)).toEqual(times(version + 2, (index) => index + 1));
      } else {
        await expect(attempt).rejects.toThrow(ConcurrencyError);
        await expect(attempt).rejects.toMatchObject({ stream, expected, actual: version });
        expect(await versionsOf(test.log, stream)).toEqual(times(version, (index) => index + 1));
      }
    });
  });

  it(`lets exactly one of ${RACERS} racers win each version`, async () => {
    const stream = aStream();

    for (let version = 0; version < 5; version++) {
      const { results, errors } = await race((racer) => [
        { stream, expected: version, events: [anEvent({ data: { racer } })] },
      ]);

      expect(results.map((each) => each.versions)).toEqual([{ [stream]: version + 1 }]);
      expectLosers(errors, { stream, expected: version, actual: version + 1 });
    }
    expect(await versionsOf(test.log, stream)).toEqual(times(5, (index) => index + 1));
  });

  it(`lets exactly one of ${RACERS} racers create a stream`, async () => {
    const stream = aStream();

    const { results, errors } = await race((racer) => [
      { stream, expected: 'no-stream', events: someEvents(2, { data: { racer } }) },
    ]);

    expect(results).toHaveLength(1);
    expectLosers(errors, { stream, expected: 'no-stream', actual: 2 });
    const stored = await all(test.log.readStream(stream));
    expect(stored.map((event) => event.version)).toEqual([1, 2]);
    expect(new Set(stored.map((event) => event.data.racer)).size).toBe(1);
  });

  it(`lets all of ${RACERS} racers succeed if they read again after each refusal`, async () => {
    const stream = aStream();
    const incrementing = async (racer: number): Promise<void> => {
      const log = test.nodes[racer % test.nodes.length]!;
      for (let version = 0; ;) {
        try {
          await log.append([{ stream, expected: version, events: [anEvent({ data: { racer } })] }]);
          return;
        } catch (error) {
          if (!(error instanceof ConcurrencyError)) throw error;
          expect(error.actual).toBeGreaterThan(version);
          version = error.actual;
        }
      }
    };

    await Promise.all(times(RACERS, incrementing));

    const stored = await all(test.log.readStream(stream));
    expect(stored.map((event) => event.version)).toEqual(times(RACERS, (index) => index + 1));
    expect(new Set(stored.map((event) => event.data.racer)).size).toBe(RACERS);
  });

  function race(appends: (racer: number) => Parameters<LogUnderTest['log']['append']>[0]) {
    return settled(times(RACERS, (racer) => test.nodes[racer % test.nodes.length]!.append(appends(racer))));
  }

  function expectLosers(errors: readonly unknown[], fields: object): void {
    expect(errors).toHaveLength(RACERS - 1);
    for (const error of errors) {
      expect(error).toBeInstanceOf(ConcurrencyError);
      expect(error).toMatchObject(fields);
    }
  }
}
