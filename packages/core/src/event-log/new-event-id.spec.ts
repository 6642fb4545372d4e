import { jest } from '@jest/globals';
import { validate, version } from 'uuid';
import { newEventId } from './new-event-id.js';

describe('a new event id', () => {
  it('is a UUID of version 7, behind all earlier ones', () => {
    const before = Date.now();
    const ids = Array.from({ length: 1_000 }, newEventId);
    const after = Date.now();

    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    const times = ids.map((id) => parseInt(id.replace('-', '').slice(0, 12), 16));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(after);
    // Counted and random.
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(ids.length);
  });

  it('is behind earlier ones also when the clock is put back', () => {
    const time = Date.now();
    const now = jest.spyOn(Date, 'now');
    try {
      now.mockReturnValue(time);
      const before = newEventId();
      now.mockReturnValue(time - 60_000);
      expect(newEventId() > before).toBe(true);
    } finally {
      now.mockRestore();
    }
  });
});
