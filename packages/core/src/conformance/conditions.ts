import type { AppendOptions, AppendResult } from '../event-log/event-log.js';
import { ConditionNotMetError } from '../event-log/event-log.errors.js';
import { withAnyTag } from '../events/event-query.js';
import type { Tag } from '../events/tags.js';
import type { EventQueryItem } from '../events/event-query.js';
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
    expect(await all(test.log.readTagged(withAnyTag([tag])))).toHaveLength(2);
  });

  it('checks only events after the position', async () => {
    const tag = aTag();
    const { position } = await claim(tag);
    const after = (place: number): AppendOptions => ({ condition: { query: withAnyTag([tag]), after: place } });

    await expect(test.log.append(toStream(aStream()), after(position - 1))).rejects.toMatchObject({ position });
    await expect(test.log.append(toStream(aStream()), after(position))).resolves.toMatchObject({ repeated: false });
  });

  it('checks only the types that the query names', async () => {
    const tag = aTag();
    const { position } = await test.log.append(toStream(aStream(), anEvent({ type: 'samples.claimed', tags: [tag] })));
    const types = (...names: string[]): AppendOptions => nothingAbout(tag, names);

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

    const attempt = test.log.append(toStream(aStream()), { condition: { query: withAnyTag([free, taken]), after: 0 } });

    await expect(attempt).rejects.toMatchObject({ position });
  });

  it.each<[string, (tags: Tag[]) => EventQueryItem[]]>([
    ['all tags of an item', ([one, other]) => [{ tags: [one!, other!] }]],
    ['a type without tags', ([one]) => [{ types: [`samples.${one!.value.toLowerCase()}`] }]],
    ['one of several items', ([one, other, third]) => [{ tags: [third!] }, { tags: [one!, other!] }]],
    ['every event', () => [{}]],
    ['one of several types', ([one]) => [{ types: ['samples.none', `samples.${one!.value.toLowerCase()}`] }]],
  ])('is refused because of an event that matches %s', async (_, makeItems) => {
    const tags = times(3, () => aTag());
    const type = `samples.${tags[0]!.value.toLowerCase()}`;
    // Each of these has only one of the two tags, and the wrong type.
    await test.log.append(toStream(aStream(), anEvent({ tags: [tags[0]!] }), anEvent({ tags: [tags[1]!] })));
    const condition = { query: { items: makeItems(tags) }, after: await test.log.head() };
    const { position } = await test.log.append(toStream(aStream(), anEvent({ type, tags: tags.slice(0, 2) })));

    await expect(test.log.append(toStream(aStream()), { condition })).rejects.toMatchObject({ position });
    await expect(
      test.log.append(toStream(aStream()), { condition: { ...condition, after: position } }),
    ).resolves.toMatchObject({ repeated: false });
  });

  it('ignores an event that has only some tags of an item, or none of its types', async () => {
    const [one, other] = [aTag(), aTag()];
    const after = await test.log.head();
    await test.log.append(toStream(aStream(), anEvent({ tags: [one] }), anEvent({ tags: [other] })));
    const query = { items: [{ tags: [one, other] }, { tags: [one], types: ['samples.none'] }, { types: ['no type'] }] };

    await expect(test.log.append(toStream(aStream()), { condition: { query, after } })).resolves.toBeDefined();
    expect(await all(test.log.readTagged(query, { after }))).toEqual([]);
  });

  it('compares an exact tag by case, and never with one that is not exact', async () => {
    const tag = { ...aTag(), value: `Ab${aTag().value}`, exact: true };
    const { position } = await claim(tag);
    const spellings = [
      { ...tag, value: tag.value.toLowerCase() },
      { name: tag.name, value: tag.value },
    ];

    for (const other of spellings) await expect(claim(other)).resolves.toBeDefined();
    await expect(claim(tag)).rejects.toMatchObject({ position });
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
      const stored = await all(test.log.readTagged(withAnyTag([tag])));
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

function nothingAbout(tag: Tag, types?: readonly string[]): AppendOptions {
  return { condition: { query: withAnyTag([tag], types), after: 0 } };
}
