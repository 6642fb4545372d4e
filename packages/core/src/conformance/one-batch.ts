import { randomUUID } from 'node:crypto';
import { withAnyTag } from '../events/event-query.js';
import { WAYS, meet } from './clashing-pairs.js';
import { aStream, aTag, all, anEvent, settled, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeOneBatch(test: LogUnderTest): void {
  describe.each([
    ['a new stream and tag', false],
    ['an existing stream and tag', true],
  ])('two appends in one batch are checked in order of arrival, with %s:', (_, began) => {
    it.each(Object.keys(WAYS))('one that %s, and each other one behind it', async (first) => {
      for (const second of Object.keys(WAYS)) {
        const { expected, actual } = await meet(test.log, began, [first, second]);

        expect({ first, second, ...actual }).toEqual({ first, second, ...expected });
      }
    });
  });

  it('three appends to one stream keep their order', async () => {
    const stream = aStream();
    const expecting = (expected: number) =>
      test.log.append([{ stream, expected, events: [anEvent({ data: { expected } })] }]);

    await Promise.all([expecting(0), expecting(1), expecting(2)]);

    const stored = await all(test.log.readStream(stream));
    expect(stored.map((event) => event.data.expected)).toEqual([0, 1, 2]);
  });

  it('one that fails for an unforeseen reason does not affect the others', async () => {
    const [faulty, tag] = [aStream('faulty'), aTag()];
    await test.harness.refuseEventsOf(faulty);
    const good = times(20, () => aStream());
    const before = await test.log.head();

    const appends = good.map((stream) => test.log.append(toStream(stream, anEvent(), anEvent())));
    const commandId = randomUUID();
    const bad = test.log.append(
      [...toStream(aStream(), anEvent({ tags: [tag] })), ...toStream(faulty)], //
      { commandId },
    );
    const later = times(20, (index) => test.log.append(toStream(good[index]!)));
    const { errors } = await settled([bad]);
    const { results } = await settled([...appends, ...later]);

    expect(errors).toHaveLength(1);
    expect(results).toHaveLength(40);
    for (const stream of good) expect(await versionsOf(test.log, stream)).toEqual([1, 2, 3]);
    expect(await test.log.head()).toBe(before + 60);
    expect(await all(test.log.readTagged(withAnyTag([tag])))).toEqual([]);
    expect(await test.log.findCommand(commandId)).toBeUndefined();
    expect(await versionsOf(test.log, faulty)).toEqual([]);
  });

  it('accepts more at once than fit into one batch', async () => {
    const before = await test.log.head();
    const streams = times(1_500, () => aStream());

    const results = await Promise.all(streams.map((stream) => test.log.append(toStream(stream))));

    expect(new Set(results.map((each) => each.position)).size).toBe(1_500);
    expect(await test.log.head()).toBe(before + 1_500);
  });
}
