import { randomUUID } from 'node:crypto';
import type { AppendOptions, AppendResult, ExpectedVersion, StreamAppend } from '../event-log/event-log.js';
import { withAnyTag } from '../events/event-query.js';
import type { Tag } from '../events/tags.js';
import type { UnreliableHandle } from './harness.js';
import { aStream, aTag, all, anEvent, someEvents, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeLostReplies(test: LogUnderTest): void {
  let handle: UnreliableHandle;

  beforeAll(async () => {
    handle = await test.unreliable();
  });

  /** Appends, and checks that the reply was lost. */
  const losing = async (append: () => Promise<AppendResult>): Promise<AppendResult> => {
    const lost = handle.lost;
    handle.loseNextReply();
    const result = await append();
    expect(handle.lost).toBe(lost + 1);
    return result;
  };

  describe.each<[string, () => AppendOptions]>([
    ['without a command id', () => ({})],
    ['with a command id', () => ({ commandId: randomUUID(), result: { code: 7 } })],
  ])('%s', (_, makeOptions) => {
    it.each<ExpectedVersion>(['any', 2, 'stream-exists'])('is stored once, expecting %s', async (expected) => {
      const [stream, options] = [aStream(), makeOptions()];
      await test.log.append(toStream(stream, ...someEvents(2)));

      const result = await losing(() => handle.log.append([{ stream, expected, events: someEvents(3) }], options));

      expect(result).toMatchObject({ position: await test.log.head(), versions: { [stream]: 5 }, repeated: false });
      expect(result.result).toEqual(options.result);
      const stored = await all(test.log.readStream(stream));
      expect(stored.map((event) => event.version)).toEqual([1, 2, 3, 4, 5]);
      expect(result.recordedAt).toEqual(stored.at(-1)!.recordedAt);
    });

    it('is stored once, over several streams that must be new', async () => {
      const streams = [aStream('b'), aStream('a')];

      const result = await losing(() =>
        handle.log.append(
          streams.map((stream) => ({ stream, expected: 'no-stream', events: someEvents(2) })),
          makeOptions(),
        ),
      );

      expect(result.versions).toEqual({ [streams[0]!]: 2, [streams[1]!]: 2 });
      for (const stream of streams) expect(await versionsOf(test.log, stream)).toEqual([1, 2]);
    });

    it('returns the versions of streams that it only checked', async () => {
      const [there, absent, written] = [aStream(), aStream(), aStream()];
      await test.log.append(toStream(there, ...someEvents(2)));

      const { versions } = await losing(() =>
        handle.log.append(
          [
            { stream: there, expected: 'any', events: [] },
            { stream: written, expected: 'any', events: someEvents(2) },
            { stream: absent, expected: 'no-stream', events: [] },
          ],
          makeOptions(),
        ),
      );

      expect(versions).toEqual({ [there]: 2, [written]: 2, [absent]: 0 });
    });

    it('is stored once even if it claims a tag', async () => {
      const tag = aTag();

      const result = await losing(() =>
        handle.log.append(toStream(aStream(), anEvent({ tags: [tag] })), {
          ...makeOptions(),
          condition: { query: withAnyTag([tag]), after: 0 },
        }),
      );

      const stored = await all(test.log.readTagged(withAnyTag([tag])));
      expect(stored.map((event) => event.position)).toEqual([result.position]);
    });

    it('is refused if it was refused, and the others of its batch are stored once', async () => {
      const [wrong, streams] = [aStream(), times(8, () => aStream())];
      const lost = handle.lost;
      handle.loseNextReply();

      const refused = handle.log.append([{ stream: wrong, expected: 4, events: [anEvent()] }], makeOptions());
      const others = streams.map((stream) => handle.log.append(toStream(stream), makeOptions()));

      await expect(refused).rejects.toMatchObject({ name: 'ConcurrencyError', actual: 0 });
      await Promise.all(others);
      expect(handle.lost).toBe(lost + 1);
      for (const stream of streams) expect(await versionsOf(test.log, stream)).toEqual([1]);
      expect(await versionsOf(test.log, wrong)).toEqual([]);
    });
  });

  it.each<[string, (known: { stream: string; tag: Tag }) => [StreamAppend[], AppendOptions], string]>([
    ['a condition', ({ tag }) => [[], { condition: { query: withAnyTag([tag]), after: 0 } }], 'ConditionNotMetError'],
    [
      'a condition over types',
      ({ tag }) => [[], { condition: { query: withAnyTag([tag], [anEvent().type]), after: 0 } }],
      'ConditionNotMetError',
    ],
    ['another stream', ({ stream }) => [[{ stream, expected: 'no-stream', events: [] }], {}], 'ConcurrencyError'],
  ])('is refused because of %s, even if another append has stored the same events', async (_, made, name) => {
    const known = { stream: aStream(), tag: aTag() };
    await test.log.append(toStream(known.stream, anEvent({ tags: [known.tag] })));
    const [append] = toStream(aStream(), anEvent({ eventId: randomUUID() }));
    await test.log.append([append!]);
    const [others, options] = made(known);
    const lost = handle.lost;
    handle.loseNextReply();

    const refused = handle.log.append([{ ...append!, expected: 'any' }, ...others], options);

    await expect(refused).rejects.toMatchObject({ name });
    expect(handle.lost).toBe(lost + 1);
  });

  it('returns the same result to the first append and to repeats of the command id', async () => {
    const [stream, commandId] = [aStream(), randomUUID()];
    const append = (): Promise<AppendResult> =>
      handle.log.append([{ stream, expected: 0, events: someEvents(2) }], { commandId, result: ['first'] });

    const first = await losing(append);
    const second = await append();

    expect(second).toEqual({ ...first, repeated: true });
    expect(await versionsOf(test.log, stream)).toEqual([1, 2]);
  });

  it('stores a command without an event once', async () => {
    const commandId = randomUUID();

    const first = await losing(() => handle.log.append([], { commandId, result: 'unchanged' }));

    expect(first.result).toBe('unchanged');
    await expect(test.log.findCommand(commandId)).resolves.toEqual({ ...first, repeated: true });
  });

  it('continues to work', async () => {
    const stream = aStream();

    for (let version = 0; version < 5; version++) {
      await losing(() => handle.log.append([{ stream, expected: version, events: [anEvent()] }]));
      await handle.log.append([{ stream: aStream(), expected: 0, events: [anEvent()] }]);
    }

    expect(await versionsOf(test.log, stream)).toEqual([1, 2, 3, 4, 5]);
  });
}
