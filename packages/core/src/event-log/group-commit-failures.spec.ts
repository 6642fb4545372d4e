import { anAppend, recording, submit, ticks } from '../conformance/recording-target.js';
import { EventLogUnavailableError } from './event-log.errors.js';

describe('a batch that fails', () => {
  it('is sent again, each append alone, in order', async () => {
    const { group, target } = recording();
    target.failing = () => true;

    const outcomes = await submit(group, anAppend('a'), anAppend('b'), anAppend('c'));

    expect(target.again).toEqual(['a', 'b', 'c']);
    expect(outcomes).toEqual(['again a', 'again b', 'again c']);
  });

  it('fails only those that fail alone, and continues', async () => {
    const { group, target } = recording();
    target.failing = (batch) => batch.includes('b');
    target.failingAlone = (id) => (id === 'b' ? new Error('b is bad') : undefined);

    const outcomes = await submit(group, anAppend('a'), anAppend('b'), anAppend('c'));
    const later = await submit(group, anAppend('d'));

    expect([...outcomes, ...later]).toEqual(['again a', 'b is bad', 'again c', 'stored d']);
  });

  it('does not wait for each append when the log does not answer', async () => {
    const { group, target } = recording();
    target.failing = (batch) => batch.includes('a');
    target.failingAlone = (id) => (id === 'a' ? undefined : new EventLogUnavailableError());

    const outcomes = await submit(group, anAppend('a'), anAppend('b'), anAppend('c'), anAppend('d'), anAppend('e'));

    expect(target.again).toEqual(['a', 'b', 'c']);
    expect(outcomes).toEqual(['again a', ...Array<unknown>(4).fill(expect.stringContaining('does not answer'))]);
    expect(await submit(group, anAppend('f'))).toEqual(['stored f']);
  });

  it('stores the others when only one is not answered', async () => {
    const { group, target } = recording();
    target.failing = (batch) => batch.includes('a');
    target.failingAlone = (id) => (id === 'a' ? new EventLogUnavailableError() : undefined);

    const outcomes = await submit(group, anAppend('a'), anAppend('b'), anAppend('c'));

    expect(outcomes).toEqual([expect.stringContaining('does not answer'), 'again b', 'again c']);
  });
});

describe('two batches that fail', () => {
  const appends = Array.from({ length: 128 }, (_, index) => anAppend(String(index)));
  const ids = appends.map((append) => append.command!.id);

  it('are sent again one after the other, before anything else is sent', async () => {
    const { group, target } = recording(64);
    target.failing = (batch) => batch[0] !== 'late';
    const release = target.hold();
    const all = submit(group, ...appends);
    await target.sent(2);
    const late = submit(
      group,
      ...Array.from({ length: 64 }, (_, index) => anAppend(index === 0 ? 'late' : `l${index}`)),
    );
    target.failingAlone = () => (target.batches.length > 2 ? new Error('It was overtaken.') : undefined);

    release();

    expect(await all).toEqual(ids.map((id) => `again ${id}`));
    expect(target.again).toEqual(ids);
    expect((await late)[0]).toBe('stored late');
  });

  it('are waited for when it is closed', async () => {
    const { group, target } = recording(64);
    target.failing = () => true;

    const all = submit(group, ...appends);
    await group.close();

    expect(target.again).toEqual(ids);
    await all;
  });
});

describe('when it is closed', () => {
  it('stores queued appends and accepts no more', async () => {
    const { group, target } = recording();
    const release = target.hold();
    const waiting = submit(group, anAppend('a'), anAppend('b', { owns: ['s'] }), anAppend('c', { owns: ['s'] }));
    let closed = false;
    const closing = group.close().then(() => (closed = true));

    expect(await submit(group, anAppend('d'))).toEqual([expect.stringContaining('does not answer')]);
    await target.sent(1);
    await ticks();
    expect(closed).toBe(false);
    release();
    await closing;

    expect(await waiting).toEqual(['stored a', 'stored b', 'stored c']);
    expect(target.batches).toEqual([['a', 'b'], ['c']]);
  });

  it('settles at once when the queue is empty', async () => {
    const { group } = recording();
    await submit(group, anAppend('a'));

    await expect(group.close()).resolves.toBeUndefined();
  });
});

it('refuses more than 20,000 queued appends', async () => {
  const { group, target } = recording();
  const release = target.hold();
  const first = submit(group, anAppend('first'));
  await target.sent(1);

  const waiting = submit(group, ...Array.from({ length: 20_000 }, (_, index) => anAppend(String(index))));
  expect(await submit(group, anAppend('one too many'))).toEqual([expect.stringContaining('does not answer')]);
  release();

  expect(await first).toEqual(['stored first']);
  expect(new Set(await waiting).size).toBe(20_000);
});
