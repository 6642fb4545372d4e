import { randomUUID } from 'node:crypto';
import { EventIdTakenError, InvalidAppendError } from '../event-log/event-log.errors.js';
import type { AppendOptions, NewEvent, StreamAppend } from '../event-log/event-log.js';
import { withAnyTag } from '../events/event-query.js';
import { aStream, aTag, all, anEvent, settled, times, toStream, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

const RACERS = 16;
const METADATA = { actor: 'ann', correlationId: 'request 1' };

export function describeEventIds(test: LogUnderTest): void {
  const stored = async (fields: Partial<NewEvent> = {}) => {
    const event = anEvent({ eventId: randomUUID(), metadata: METADATA, ...fields });
    const stream = aStream();
    const { position } = await test.log.append(toStream(stream, event));
    return { event, eventId: event.eventId!, stream, position };
  };

  it.each<[string, Partial<NewEvent>]>([
    ['nothing', {}],
    ['its type', { type: 'samples.another' }],
    ['its schema version', { schemaVersion: 2 }],
    ['its data', { data: { note: 'another' } }],
    ['its actor', { metadata: { ...METADATA, actor: 'bob' } }],
    ['its causation', { metadata: { ...METADATA, causationId: 'a cause' } }],
    ['its tags', { tags: [aTag()] }],
  ])('can be used once, even if the second event differs in %s', async (_, difference) => {
    const { event, eventId, stream, position } = await stored();
    const head = await test.log.head();

    for (const [target, id] of [
      [stream, eventId],
      [aStream(), eventId.toUpperCase()],
    ] as const) {
      const attempt = test.nodes[1]!.append(toStream(target, { ...event, ...difference, eventId: id }));
      await expect(attempt).rejects.toThrow(EventIdTakenError);
      await expect(attempt).rejects.toMatchObject({ eventId, position });
    }

    expect(await test.log.head()).toBe(head);
    for (const tag of difference.tags ?? []) expect(await all(test.log.readTagged(withAnyTag([tag])))).toEqual([]);
  });

  it('are reported by the first conflict, and nothing of the append is stored', async () => {
    const [one, two] = [await stored(), await stored()];
    const [stream, commandId] = [aStream(), randomUUID()];

    const attempt = test.log.append(toStream(stream, anEvent(), two.event, one.event), { commandId });

    await expect(attempt).rejects.toMatchObject({ name: 'EventIdTakenError', eventId: two.eventId });
    expect(await versionsOf(test.log, stream)).toEqual([]);
    expect(await test.log.findCommand(commandId)).toBeUndefined();
  });

  describe('are checked last:', () => {
    const again = async (
      ask: (first: Awaited<ReturnType<typeof stored>>) => Partial<StreamAppend>,
      options: AppendOptions = {},
      fields: Partial<NewEvent> = {},
    ) => {
      const first = await stored(fields);
      return test.log.append(
        [{ stream: first.stream, expected: 'any', events: [first.event], ...ask(first) }],
        options,
      );
    };

    it.each<[string, Partial<StreamAppend>]>([
      ['a stream that must not exist', { expected: 'no-stream' }],
      ['an earlier version', { expected: 0 }],
      ['a later version', { expected: 2 }],
      ['another stream that must exist', { stream: aStream(), expected: 'stream-exists' }],
    ])('%s is reported first', async (_, fields) => {
      await expect(again(() => fields)).rejects.toMatchObject({ name: 'ConcurrencyError' });
    });

    it('a failed condition is reported first', async () => {
      const tag = aTag();
      const options = { condition: { query: withAnyTag([tag]), after: 0 } };
      await expect(again(() => ({}), options, { tags: [tag] })).rejects.toMatchObject({ name: 'ConditionNotMetError' });
    });

    it('a stored command id returns its first result', async () => {
      const commandId = randomUUID();
      const first = await test.log.append(toStream(aStream()), { commandId, result: 'first' });
      await expect(again(() => ({}), { commandId })).resolves.toEqual({ ...first, repeated: true });
    });
  });

  it.each([
    ['from one node, in one batch', 1],
    ['from four nodes', 4],
  ])(`go to one of ${RACERS} concurrent appends, %s`, async (_, nodes) => {
    for (let round = 0; round < 5; round++) {
      const [eventId, streams] = [randomUUID(), times(RACERS, () => aStream())];

      const { results, errors } = await settled(
        streams.map((stream, index) => test.nodes[index % nodes]!.append(toStream(stream, anEvent({ eventId })))),
      );

      const [winner] = results;
      expect(results).toHaveLength(1);
      expect(errors).toHaveLength(RACERS - 1);
      for (const error of errors) {
        expect(error).toBeInstanceOf(EventIdTakenError);
        expect(error).toMatchObject({ eventId, position: winner!.position });
      }
    }
  });

  it('that conflict do not affect the others of their batch', async () => {
    const { event } = await stored();
    const streams = times(8, () => aStream());

    const clash = test.log.append(toStream(aStream(), event));
    const others = streams.map((stream) => test.log.append(toStream(stream)));

    await expect(clash).rejects.toThrow(EventIdTakenError);
    await Promise.all(others);
    for (const stream of streams) expect(await versionsOf(test.log, stream)).toEqual([1]);
  });

  it('occur once in one append', async () => {
    const event = anEvent({ eventId: randomUUID() });
    const upper = { ...event, eventId: event.eventId!.toUpperCase() };

    await expect(test.log.append(toStream(aStream(), event, upper))).rejects.toThrow(InvalidAppendError);
    await expect(test.log.append([...toStream(aStream(), event), ...toStream(aStream(), upper)])).rejects.toThrow(
      `${event.eventId} occurs twice`,
    );
  });
}
