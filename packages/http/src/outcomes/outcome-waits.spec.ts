import { LogFollower } from '@leftfold/core';
import type { ModuleRef } from '@nestjs/core';
import { Draining } from '../draining.js';
import { OutcomeWaits } from './outcome-waits.js';

const WANTED = { types: ['orders.order-confirmed'], after: 1 };

/** A follower that finds nothing and ends when its signal aborts, as the real one does. */
const silent = {
  async *follow({ signal }: { signal: AbortSignal }) {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    yield { events: [], upTo: 1 };
  },
};

function waits(draining: Draining): OutcomeWaits {
  const modules = { get: (token: unknown) => (token === LogFollower ? silent : undefined) };
  return new OutcomeWaits(modules as unknown as ModuleRef, draining);
}

it('ends a wait when this process shuts down, so that the shutdown is not delayed', async () => {
  const draining = new Draining();
  const waiting = waits(draining).first(WANTED, new AbortController().signal);

  draining.begin();

  expect(await waiting).toBeUndefined();
});

it('answers at once when 1,000 requests wait, until one of them has ended', async () => {
  const all = waits(new Draining());
  const ends = Array.from({ length: 1_000 }, () => new AbortController());
  const waiting = ends.map(({ signal }) => all.first(WANTED, signal));

  expect(await all.first(WANTED, new AbortController().signal)).toBeUndefined();

  ends[0]!.abort();
  await waiting[0];
  const [next, further] = [new AbortController(), new AbortController()];
  const entered = all.first(WANTED, next.signal);
  expect(await all.first(WANTED, further.signal)).toBeUndefined();
  for (const each of [next, ...ends]) each.abort();
  await Promise.all([entered, ...waiting]);
});
