import { anAppend, recording, submit, ticks } from '../conformance/recording-target.js';

const MEGABYTE = 1024 * 1024;

describe('batches', () => {
  it('sends appends submitted in one tick together', async () => {
    const { group, target } = recording();

    await submit(group, anAppend('a'), anAppend('b'), anAppend('c'));

    expect(target.batches).toEqual([['a', 'b', 'c']]);
  });

  it('sends appends that arrive during a batch as the next batch', async () => {
    const { group, target } = recording();
    const release = target.hold();
    const first = submit(group, anAppend('a'));
    await target.sent(1);

    const others = submit(group, anAppend('b'), anAppend('c'));
    await ticks();
    expect(target.batches).toEqual([['a']]);
    release();
    await Promise.all([first, others]);

    expect(target.batches).toEqual([['a'], ['b', 'c']]);
  });

  it('gives each append its own outcome', async () => {
    const { group } = recording();

    const outcomes = await submit(group, anAppend('a'), anAppend('b'), anAppend('a', { owns: ['s 1'] }));

    expect(outcomes).toEqual(['stored a', 'stored b', 'stored a']);
  });

  it('settles no append before the batch is done', async () => {
    const { group, target } = recording();
    const release = target.hold();
    const settled: string[] = [];

    const all = Promise.all(['a', 'b'].map(async (id) => settled.push(String(await submit(group, anAppend(id))))));
    await target.sent(1);
    await ticks();
    expect(settled).toEqual([]);
    release();
    await all;

    expect(settled).toEqual(['stored a', 'stored b']);
  });

  it('holds at most 512 appends', async () => {
    const { group, target } = recording();

    await submit(group, ...Array.from({ length: 1_100 }, (_, index) => anAppend(String(index))));

    expect(target.batches.map((batch) => batch.length)).toEqual([512, 512, 76]);
    expect(target.batches.flat()).toEqual(Array.from({ length: 1_100 }, (_, index) => String(index)));
  });

  it('holds at most 4 MiB, or a single larger append', async () => {
    const { group, target } = recording();
    const sized = (id: string, megabytes: number) => anAppend(id, { bytes: megabytes * MEGABYTE });

    await submit(group, sized('a', 3), sized('b', 1), sized('c', 0.5), sized('d', 9), sized('e', 1));

    expect(target.batches).toEqual([['a', 'b'], ['c', 'e'], ['d']]);
  });
});

describe('conflicting appends', () => {
  it.each([
    ['own the same', { owns: ['k'] }, { owns: ['k'] }],
    ['write what the other reads', { reads: ['k'] }, { writes: ['k'] }],
    ['read what the other writes', { writes: ['k'] }, { reads: ['k'] }],
    ['share one of many', { owns: ['x', 'k'] }, { owns: ['y', 'k', 'z'] }],
  ])('never share a batch when they %s', async (_, one, other) => {
    const { group, target } = recording();

    await submit(group, anAppend('a', one), anAppend('b', other), anAppend('c'));

    expect(target.batches).toEqual([['a', 'c'], ['b']]);
  });

  it.each([
    ['read', { reads: ['k'] }],
    ['write', { writes: ['k'] }],
  ])('may share a batch when both only %s the same', async (_, keys) => {
    const { group, target } = recording();

    await submit(group, anAppend('a', keys), anAppend('b', keys));

    expect(target.batches).toEqual([['a', 'b']]);
  });

  it('may read the keys that they write themselves', async () => {
    const { group, target } = recording();

    await submit(group, anAppend('a', { reads: ['k'], writes: ['k'] }));

    expect(target.batches).toEqual([['a']]);
  });

  it('are sent in order of arrival, even if only a waiting append connects them', async () => {
    const { group, target } = recording();

    // The third append conflicts only with the second, which has to wait for the first.
    await submit(
      group,
      anAppend('a', { owns: ['k'] }),
      anAppend('b', { owns: ['k', 'l'] }),
      anAppend('c', { owns: ['l'] }),
    );

    expect(target.batches).toEqual([['a'], ['b'], ['c']]);
  });

  it('are sent in order of arrival behind one that did not fit', async () => {
    const { group, target } = recording();

    await submit(
      group,
      anAppend('a', { bytes: 3 * MEGABYTE }),
      anAppend('b', { bytes: 2 * MEGABYTE, owns: ['k'] }),
      anAppend('c', { owns: ['k'] }),
      anAppend('d'),
    );

    expect(target.batches).toEqual([['a', 'd'], ['b'], ['c']]);
  });

  it('keep each of many streams in order', async () => {
    const { group, target } = recording();
    const appends = Array.from({ length: 3_000 }, (_, index) => anAppend(String(index), { owns: [`s ${index % 7}`] }));

    await submit(group, ...appends);

    const sent = target.batches.flat().map(Number);
    for (let stream = 0; stream < 7; stream++) {
      const own = sent.filter((index) => index % 7 === stream);
      expect(own).toEqual(own.toSorted((one, other) => one - other));
    }
    expect(sent).toHaveLength(3_000);
    for (const batch of target.batches) expect(new Set(batch.map((id) => Number(id) % 7)).size).toBe(batch.length);
  });
});

describe('where two batches may be under way', () => {
  const some = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => anAppend(`${prefix}${index}`));
  const ids = (count: number, prefix: string) => some(count, prefix).map((append) => append.command!.id);

  it('divides appends that are enough for two, and sends the second without waiting', async () => {
    const { group, target } = recording(64);
    const release = target.hold();

    const all = submit(group, ...some(128, 'a'));
    await target.sent(2);
    release();
    await all;

    expect(target.batches).toEqual([ids(128, 'a').slice(0, 64), ids(128, 'a').slice(64)]);
  });

  it('sends a second batch only when it is large enough, and a third one never', async () => {
    const { group, target } = recording(64);
    const release = target.hold();
    const appends = [submit(group, anAppend('first'))];
    await target.sent(1);

    appends.push(submit(group, ...some(63, 'b')));
    await ticks();
    expect(target.batches).toHaveLength(1);
    appends.push(submit(group, anAppend('c')));
    await target.sent(2);
    appends.push(submit(group, ...some(100, 'd')));
    await ticks();
    expect(target.batches.slice(1)).toEqual([[...ids(63, 'b'), 'c']]);
    release();
    await Promise.all(appends);

    expect(target.batches.slice(2).flat()).toEqual(ids(100, 'd'));
  });

  it('sends a smaller second batch as soon as the target asks for no more', async () => {
    const { group, target } = recording(64);
    const release = target.hold();
    const appends = [submit(group, anAppend('first'))];
    await target.sent(1);

    appends.push(submit(group, ...some(15, 'b')));
    target.secondBatchFrom = 16;
    appends.push(submit(group, anAppend('c')));
    await target.sent(2);
    release();
    await Promise.all(appends);

    expect(target.batches[1]).toEqual([...ids(15, 'b'), 'c']);
  });

  it('keeps back what conflicts with a batch that is under way', async () => {
    const { group, target } = recording(64);
    const release = target.hold();
    const first = submit(group, anAppend('a', { owns: ['k'], writes: ['w'] }));
    await target.sent(1);

    const others = submit(
      group,
      anAppend('same', { owns: ['k'] }),
      anAppend('reader', { reads: ['w'] }),
      ...some(64, 'b'),
    );
    await target.sent(2);
    expect(target.batches[1]).toEqual(ids(64, 'b'));
    release();
    await Promise.all([first, others]);

    expect(target.batches[2]).toEqual(['same', 'reader']);
  });
});
