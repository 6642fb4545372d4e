import type { AppendOptions, AppendResult } from '../event-log/event-log.js';
import { ConditionNotMetError } from '../event-log/event-log.errors.js';
import type { Tag, TagQuery } from '../events/tags.js';
import { aStream, aTag, all, anEvent, settled, times, toStream } from './samples.js';
import type { LogUnderTest } from './use-log.js';

const CLAIMANTS = 32;

export function describeConditions(test: LogUnderTest): void {
  const claim = (tag: Tag, node = 0, stream = aStream()): Promise<AppendResult> =>
    test.nodes[node]!.append(toStream(stream, anEvent({ tags: [tag] })), nothingAbout(tag));

  it('stores while no event matches the query, and names the first that does', async () => {
    const tag = aTag();
    const first = await claim(tag);
    await test.log.append(toStream(aStream(), anEvent({ tags: [tag] })));

    const attempt = claim(tag);

    await expect(attempt).rejects.toThrow(ConditionNotMetError);
    await expect(attempt).rejects.toMatchObject({ position: first.position });
    expect(await all(test.log.readTagged({ tags: [tag] }))).toHaveLength(2);
  });

  it('checks only events after the position', async () => {
    const tag = aTag();
    const { position } = await claim(tag);
    const after = (place: number): AppendOptions => ({ condition: { query: { tags: [tag] }, after: place } });

    await expect(test.log.append(toStream(aStream()), after(position - 1))).rejects.toMatchObject({ position });
    await expect(test.log.append(toStream(aStream()), after(position))).resolves.toMatchObject({ repeated: false });
  });

  it('checks only the types that the query names', async () => {
    const tag = aTag();
    const { position } = await test.log.append(toStream(aStream(), anEvent({ type: 'samples.claimed', tags: [tag] })));
    const types = (...names: string[]): AppendOptions => nothingAbout(tag, { types: names });

    await expect(test.log.append(toStream(aStream()), types('samples.released'))).resolves.toBeDefined();
    await expect(
      test.log.append(toStream(aStream()), types('samples.released', 'samples.claimed')),
    ).rejects.toMatchObject({
      position,
    });
  });

  it('is refused when any one of several tags matches', async () => {
    const [free, taken] = [aTag('email'), aTag('username')];
    const { position } = await claim(taken);

    const attempt = test.log.append(toStream(aStream()), { condition: { query: { tags: [free, taken] }, after: 0 } });

    await expect(attempt).rejects.toMatchObject({ position });
  });

  it('treats two spellings of a value as equal, and the same value under two names as different', async () => {
    const value = `Ann-${aTag().value}`;
    await claim({ name: 'email', value });

    await expect(claim({ name: 'email', value: ` ${value.toUpperCase()} ` })).rejects.toThrow(ConditionNotMetError);
    await expect(claim({ name: 'username', value })).resolves.toBeDefined();
  });

  it('reports a wrong version before a failed condition, and stores nothing', async () => {
    const [tag, stream] = [aTag(), aStream()];
    await claim(tag);

    const attempt = test.log.append([{ stream, expected: 3, events: [anEvent()] }], nothingAbout(tag));

    await expect(attempt).rejects.toMatchObject({ name: 'ConcurrencyError', actual: 0 });
    expect(await all(test.log.readStream(stream))).toEqual([]);
  });

  it.each([
    ['each from the same node, in one batch', 1],
    ['from four nodes', 4],
  ])(`gives a value to exactly one of ${CLAIMANTS} claimants, %s`, async (_, nodes) => {
    for (let round = 0; round < 10; round++) {
      const tag = aTag();

      const { results, errors } = await settled(times(CLAIMANTS, (index) => claim(tag, index % nodes)));

      expect(results).toHaveLength(1);
      expect(errors).toHaveLength(CLAIMANTS - 1);
      for (const error of errors) expect(error).toBeInstanceOf(ConditionNotMetError);
      const stored = await all(test.log.readTagged({ tags: [tag] }));
      expect(stored.map((event) => event.position)).toEqual([results[0]!.position]);
      for (const error of errors) expect(error).toMatchObject({ position: results[0]!.position });
    }
  });

  it('stores at most one of two appends that exclude each other', async () => {
    for (let round = 0; round < 20; round++) {
      const [mine, yours] = [aTag(), aTag()];
      const append = (node: number, own: Tag, watched: Tag): Promise<AppendResult> =>
        test.nodes[node]!.append(toStream(aStream(), anEvent({ tags: [own] })), nothingAbout(watched));

      const { results } = await settled([append(0, mine, yours), append(round % 2, yours, mine)]);

      expect(results).toHaveLength(1);
    }
  });
}

function nothingAbout(tag: Tag, query: Partial<TagQuery> = {}): AppendOptions {
  return { condition: { query: { tags: [tag], ...query }, after: 0 } };
}
