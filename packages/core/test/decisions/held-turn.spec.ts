import { mock } from 'node:test';
import { HeldTurn } from '../../src/decisions/held-turn.js';
import { KeyedQueue } from '../../src/decisions/keyed-queue.js';

const KEYS = ['stream counter-1'];

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

it('is held without a limit while a decision is taken, stored or tried again, and not by a slow handler', async () => {
  const queue = new KeyedQueue();
  const turn = await HeldTurn.in(queue, KEYS);
  const next = HeldTurn.in(queue, KEYS);

  mock.timers.tick(10_000);
  turn.limit();
  mock.timers.tick(200);
  turn.hold();
  mock.timers.tick(10_000);
  expect(turn.isFor(KEYS)).toBe(true);
  turn.limit();
  mock.timers.tick(250);

  expect(turn.isFor(KEYS)).toBe(false);
  expect((await next).isFor(KEYS)).toBe(true);
});

it('starts no timer when it has ended', async () => {
  const turn = await HeldTurn.in(new KeyedQueue(), KEYS);
  const end = mock.fn();
  turn.end();
  mock.method(turn, 'end', end);

  turn.limit();
  mock.timers.tick(1_000);

  expect(end.mock.callCount()).toBe(0);
});
