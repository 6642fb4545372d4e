import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout } from 'rxjs';
import type { ReadTaggedOptions } from '../event-log/event-log.js';
import { withAnyTag } from '../events/event-query.js';
import { aStream, aTag, all, anEvent, everythingAfter, someEvents, times, toStream } from './samples.js';
import type { LogUnderTest } from './use-log.js';

export function describeReadingEverything(test: LogUnderTest): void {
  it('has one global order without holes that keeps the order of each stream', async () => {
    const start = await test.log.head();
    const streams = times(7, () => aStream());
    await Promise.all(
      times(300, (index) =>
        test.nodes[index % 4]!.append(toStream(streams[index % 7]!, ...someEvents(1 + (index % 3)))),
      ),
    );

    const events = await everythingAfter(test.nodes[1]!, start);

    expect(events.map((event) => event.position)).toEqual(times(600, (index) => start + index + 1));
    for (const stream of streams) {
      const versions = events.filter((event) => event.stream === stream).map((event) => event.version);
      expect(versions).toEqual(times(versions.length, (index) => index + 1));
    }
    expect(await test.nodes[2]!.head()).toBe(start + 600);
  });

  it('reports how far it searched', async () => {
    const start = await test.log.head();
    const types = ['samples.kept', 'samples.passed-over'];
    await test.log.append(toStream(aStream(), ...times(10, (index) => anEvent({ type: types[index % 2]! }))));
    const kept = { after: start, types: ['samples.kept'] };
    const positions = async (options: Parameters<typeof test.log.readAll>[0]) => {
      const { events, upTo } = await test.log.readAll(options);
      return [events.map((event) => event.position - start), upTo - start];
    };

    expect(await positions({ ...kept, limit: 100 })).toEqual([[1, 3, 5, 7, 9], 10]);
    expect(await positions({ ...kept, limit: 3 })).toEqual([[1, 3, 5], 5]);
    expect(await positions({ ...kept, limit: 100, upTo: start + 4 })).toEqual([[1, 3], 4]);
    expect(await positions({ ...kept, limit: 100, after: start + 9 })).toEqual([[], 10]);
    expect(await positions({ ...kept, limit: 100, types })).toEqual([times(10, (index) => index + 1), 10]);
    expect(await positions({ after: start, limit: 100, types: [] })).toEqual([[], 10]);
    expect(await positions({ after: start + 10, limit: 100 })).toEqual([[], 10]);
  });

  it('never claims to have searched beyond the head', async () => {
    await test.log.append(toStream(aStream()));
    const head = await test.log.head();

    const slice = await test.log.readAll({ after: head - 1, limit: 10, upTo: head + 1_000 });

    expect(slice).toMatchObject({ upTo: head, events: [{ position: head }] });
  });

  it('finds tagged events, each once, in order', async () => {
    const [email, name] = [aTag('email'), aTag('username')];
    const tagged = (...tags: ReturnType<typeof aTag>[]) => test.log.append(toStream(aStream(), anEvent({ tags })));
    const both = await tagged(email, name, email);
    await tagged(aTag());
    const one = await tagged({ ...email, value: email.value.toUpperCase() });
    const other = await tagged(name);
    const positions = async (query: Parameters<typeof test.log.readTagged>[0]) =>
      (await all(test.nodes[3]!.readTagged(query))).map((event) => event.position);

    expect(await positions(withAnyTag([email]))).toEqual([both.position, one.position]);
    expect(await positions(withAnyTag([name, email]))).toEqual([both.position, one.position, other.position]);
    expect(await positions(withAnyTag([email], ['samples.other']))).toEqual([]);
    expect(await positions(withAnyTag([{ ...email, name: 'username' }]))).toEqual([]);
  });

  it('finds many pages of tagged events', async () => {
    const [tag, stream] = [aTag(), aStream()];
    await test.log.append(toStream(stream, ...times(2_500, () => anEvent({ tags: [tag] }))));

    const events = await all(test.log.readTagged(withAnyTag([tag])));
    const backwards = await all(test.log.readTagged(withAnyTag([tag, aTag()]), { backwards: true, limit: 1_203 }));

    expect(events.map((event) => event.version)).toEqual(times(2_500, (index) => index + 1));
    expect(backwards.map((event) => event.version)).toEqual(times(1_203, (index) => 2_500 - index));
  });

  it('finds the last tagged event', async () => {
    const tag = aTag();
    const last = async (types?: string[]) =>
      (await all(test.log.readTagged(withAnyTag([tag], types), { backwards: true, limit: 1 }))).map(
        (event) => event.position,
      );
    expect(await last()).toEqual([]);
    const first = await test.log.append(toStream(aStream(), anEvent({ tags: [tag] })));
    const second = await test.log.append(toStream(aStream(), anEvent({ tags: [tag], type: 'samples.other' })));

    expect(await last()).toEqual([second.position]);
    expect(await last([anEvent().type])).toEqual([first.position]);
  });

  it('reads tagged events from a position, up to a position, and says how far it looked', async () => {
    const tag = aTag();
    const { position: first } = await test.log.append(toStream(aStream(), ...times(3, () => anEvent({ tags: [tag] }))));
    const { position: end } = await test.log.append(toStream(aStream(), anEvent()));
    const read = async (options: ReadTaggedOptions) => {
      const tagged = test.log.readTagged(withAnyTag([tag]), options);
      return { positions: (await all(tagged)).map((event) => event.position), searchedTo: tagged.searchedTo };
    };

    expect(await read({ after: first - 2 })).toEqual({ positions: [first - 1, first], searchedTo: end });
    expect(await read({ after: first - 3, limit: 2 })).toEqual({
      positions: [first - 2, first - 1],
      searchedTo: first - 1,
    });
    expect(await read({ after: first - 3, upTo: first - 2 })).toEqual({
      positions: [first - 2],
      searchedTo: first - 2,
    });
    expect(await read({ after: first - 3, upTo: first - 1, backwards: true })).toEqual({
      positions: [first - 1, first - 2],
      searchedTo: first - 2,
    });
    expect(await read({ after: end })).toEqual({ positions: [], searchedTo: end });
  });

  it('does not store a tag in plain text', async () => {
    const tag = aTag();
    await test.log.append(toStream(aStream(), anEvent({ tags: [tag] })));

    const [event] = await all(test.log.readTagged(withAnyTag([tag])));

    expect(JSON.stringify(event)).not.toContain(tag.value);
  });

  it('finds events by their ids, in global order, each once', async () => {
    const ids = times(5, () => randomUUID());
    const stored = times(5, (index) => anEvent({ eventId: ids[index]!, data: { index } }));
    for (const event of stored) await test.log.append(toStream(aStream(), event));
    const found = async (...eventIds: string[]) =>
      (await test.nodes[1]!.readEvents(eventIds)).map((each) => each.eventId);

    const asked = [ids[3]!, ids[1]!.toUpperCase(), randomUUID(), ids[1]!, ids[4]!];
    expect(await found(...asked)).toEqual([ids[1], ids[3], ids[4]]);
    expect(await found()).toEqual([]);
    expect(await found(...times(9_999, () => randomUUID()), ids[2]!)).toEqual([ids[2]]);
    const [event] = await test.log.readEvents([ids[2]!]);
    expect(event).toMatchObject({ version: 1, data: { index: 2 } });
  });

  it('gives a hint of an append before it settles, and to other nodes soon', async () => {
    const hints: number[] = [];
    const listening = test.log.appended$.subscribe((position) => hints.push(position));
    const elsewhere = firstValueFrom(test.nodes[1]!.appended$.pipe(timeout(10_000)));

    const { position } = await test.log.append(toStream(aStream()));
    listening.unsubscribe();

    expect(hints.filter((hint) => hint <= position)).not.toEqual([]);
    expect(await elsewhere).toBeLessThanOrEqual(await test.log.head());
  });

  it('has one identity for all nodes', async () => {
    const ids = await Promise.all(test.nodes.map((log) => log.id()));

    expect(ids[0]).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(new Set(ids).size).toBe(1);
  });
}
