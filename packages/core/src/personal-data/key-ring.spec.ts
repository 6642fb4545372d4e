import { setTimeout as pause } from 'node:timers/promises';
import { KeyRing } from './key-ring.js';
import type { KeyState, KeyStore } from './key-store.js';

const STATE: KeyState = { key: { id: 'k', key: Buffer.alloc(32, 1) } };

it('has no key in memory for longer than it uses it, also when nobody asks again', async () => {
  const find = jest.fn((subjects: readonly string[]) =>
    Promise.resolve(new Map(subjects.map((subject) => [subject, STATE]))),
  );
  const ring = new KeyRing({ find } as unknown as KeyStore, 20);

  await ring.find(['ann', 'bob']);
  await ring.find(['ann']);

  expect(find).toHaveBeenCalledTimes(1);
  expect(ring.size).toBe(2);
  const end = performance.now() + 10_000;
  while (ring.size > 0 && performance.now() < end) await pause(5);
  expect(ring.size).toBe(0);
});
