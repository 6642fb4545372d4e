import { validate, version } from 'uuid';
import { newEventId } from './new-event-id.js';

describe('a new event id', () => {
  it('is a UUID of version 7, and no other id', () => {
    const before = Date.now();
    const ids = Array.from({ length: 1_000 }, newEventId);
    const after = Date.now();

    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const times = ids.map((id) => parseInt(id.replace('-', '').slice(0, 12), 16));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(after);
    // What comes after the time, too.
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(ids.length);
  });
});
