import { randomUUID } from 'node:crypto';
import type { AppendResult } from '../event-log/event-log.js';
import { ConcurrencyError, InvalidAppendError } from '../event-log/event-log.errors.js';
import { withAnyTag } from '../events/event-query.js';
import { aStream, aTag, anEvent, someEvents, times, toStream, until, versionsOf } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeCommandIds(test: LogUnderTest): void {
  it('stores a command id once, and returns the first result on a repeat', async () => {
    const [stream, commandId] = [aStream(), randomUUID()];
    const first = await test.log.append(toStream(stream, ...someEvents(2)), {
      commandId,
      result: { order: 'a', n: [1] },
    });

    const again = await test.log.append(toStream(stream), { commandId, result: { order: 'b' } });
    const elsewhere = await test.nodes[1]!.append(toStream(aStream()), { commandId: commandId.toUpperCase() });

    expect(first).toMatchObject({ repeated: false, versions: { [stream]: 2 }, result: { order: 'a', n: [1] } });
    expect(again).toEqual({ ...first, repeated: true });
    expect(elsewhere).toEqual({ ...first, repeated: true });
    expect(await versionsOf(test.log, stream)).toEqual([1, 2]);
  });

  it('does so before it checks expected version or condition', async () => {
    const [stream, tag, commandId] = [aStream(), aTag(), randomUUID()];
    const appends = [{ stream, expected: 'no-stream' as const, events: [anEvent({ tags: [tag] })] }];
    const options = { commandId, condition: { query: withAnyTag([tag]), after: 0 } };
    const first = await test.log.append(appends, options);

    await expect(test.log.append(appends, options)).resolves.toEqual({ ...first, repeated: true });
  });

  it.each([
    ['from one node', 1],
    ['from four nodes', 4],
  ])('stores it once for 32 concurrent appends, %s', async (_, nodes) => {
    const [stream, commandId] = [aStream(), randomUUID()];

    const results = await Promise.all(
      times(32, (index) =>
        test.nodes[index % nodes]!.append(toStream(stream, ...someEvents(3)), { commandId, result: index }),
      ),
    );

    const first = results.find((each) => !each.repeated)!;
    expect(results.filter((each) => !each.repeated)).toHaveLength(1);
    for (const each of results) expect({ ...each, repeated: false }).toEqual(first);
    expect(await versionsOf(test.log, stream)).toEqual([1, 2, 3]);
  });

  it('does not store the id of an append that was refused', async () => {
    const [stream, commandId] = [aStream(), randomUUID()];
    const append = (expected: number): Promise<AppendResult> =>
      test.log.append([{ stream, expected, events: [anEvent()] }], { commandId });

    await expect(append(1)).rejects.toThrow(ConcurrencyError);

    expect(await test.log.findCommand(commandId)).toBeUndefined();
    await expect(append(0)).resolves.toMatchObject({ repeated: false, versions: { [stream]: 1 } });
  });

  it('stores an id and a result without an event', async () => {
    const [stream, commandId] = [aStream(), randomUUID()];
    const { position } = await test.log.append(toStream(stream, ...someEvents(2)));
    await test.log.append(toStream(aStream()));
    const head = await test.log.head();

    const first = await test.log.append([{ stream, expected: 2, events: [] }], { commandId, result: 'unchanged' });

    expect(first).toMatchObject({ position, versions: { [stream]: 2 }, result: 'unchanged', repeated: false });
    await expect(test.log.append(toStream(stream), { commandId })).resolves.toEqual({ ...first, repeated: true });
    expect(await test.log.head()).toBe(head);
  });

  it('stores an id alone', async () => {
    const commandId = randomUUID();

    const first = await test.log.append([], { commandId });

    expect(first).toMatchObject({ position: 0, versions: {}, result: undefined });
    await expect(test.log.append([], { commandId })).resolves.toEqual({ ...first, repeated: true });
  });

  it('finds the outcome by the id', async () => {
    const commandId = randomUUID();
    const first = await test.log.append(toStream(aStream()), { commandId, result: null });

    expect(first.result).toBeNull();
    await expect(test.nodes[2]!.findCommand(commandId)).resolves.toEqual({ ...first, repeated: true });
    await expect(test.log.findCommand(commandId.toUpperCase())).resolves.toEqual({ ...first, repeated: true });
    await expect(test.log.findCommand(randomUUID())).resolves.toBeUndefined();
  });

  it('stores the fingerprint, so that a repeat can be compared', async () => {
    const commandId = randomUUID();
    const first = await test.log.append(toStream(aStream()), { commandId, fingerprint: 'one thing' });

    const again = await test.nodes[1]!.append(toStream(aStream()), { commandId, fingerprint: 'another' });

    expect([first.fingerprint, again.fingerprint]).toEqual(['one thing', 'one thing']);
    expect(await test.log.findCommand(commandId)).toEqual(again);
  });

  it('deletes an expired id, and no other', async () => {
    const [stream, short, long] = [aStream(), randomUUID(), randomUUID()];
    await test.log.append(toStream(stream), { commandId: long, keepFor: 3_600_000 });
    await test.log.append(toStream(stream), { commandId: short, keepFor: 1 });
    await until(async () => (await test.log.findCommand(short)) === undefined);

    const again = await test.log.append(toStream(stream), { commandId: short, keepFor: 1 });
    await until(async () => (await test.log.findCommand(short)) === undefined);
    await test.log.forgetExpiredCommands();

    expect(again).toMatchObject({ repeated: false, versions: { [stream]: 3 } });
    await expect(test.log.append(toStream(stream), { commandId: long })).resolves.toMatchObject({ repeated: true });
    expect(await test.log.findCommand(short)).toBeUndefined();
  });

  it('refuses an append with neither an id nor an event', async () => {
    await expect(test.log.append([])).rejects.toThrow(InvalidAppendError);
    await expect(test.log.append([{ stream: aStream(), expected: 0, events: [] }])).rejects.toThrow(InvalidAppendError);
  });
}
