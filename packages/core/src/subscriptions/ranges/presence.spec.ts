import { Logger } from '@nestjs/common';
import type { Nodes } from './nodes.js';
import { Presence } from './presence.js';

const LEASE = 9_000;

beforeEach(() => jest.useFakeTimers({ now: 0 }));

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it('forgets those that are gone, and gives signs of life before its lease ends, also after a failure, until it leaves', async () => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const signs: number[] = [];
  let forgets = 0;
  const nodes = {
    forgetGone: async () => void (forgets += 1),
    beat: async () => {
      signs.push(Date.now());
      if (signs.length === 2) throw new Error('away');
      return false;
    },
    leave: async () => undefined,
  };
  const presence = new Presence(nodes as unknown as Nodes, LEASE);

  await presence.join();
  await jest.advanceTimersByTimeAsync(2 * LEASE);
  await presence.leave();
  await jest.advanceTimersByTimeAsync(2 * LEASE);

  expect({ signs, forgets }).toEqual({ signs: [0, 6_000, 12_000, 18_000], forgets: 1 });
});
