import fc from 'fast-check';
import { CHUNK, chunkOf, decodePlaces, encodePlaces, keyOf, placesByKey, placeTest } from './postings.js';

const anEvent = (position: number, actor: string) => ({
  position,
  stream: `order-${position}`,
  type: 'orders.placed',
  actor,
  correlationId: `request-${position}`,
});

describe('postings', () => {
  it('keep places, as a list or as a bitmap', () => {
    const places = fc.uniqueArray(fc.nat({ max: CHUNK - 1 }), { minLength: 1, maxLength: CHUNK });
    fc.assert(
      fc.property(places, (unsorted) => {
        const sorted = unsorted.toSorted((one, other) => one - other);
        const text = encodePlaces(sorted);
        expect(decodePlaces(text)).toEqual(sorted);
        expect(Array.from({ length: CHUNK }, (_, place) => place).filter(placeTest(text))).toEqual(sorted);
        expect(text.length).toBeLessThanOrEqual(173);
      }),
    );
  });

  it('are stored, so keys and chunks never change', () => {
    expect(keyOf('actor', 'ann')).toBe(59826079232381);
    expect(keyOf('type', 'ann')).not.toBe(keyOf('actor', 'ann'));
    expect([1, 1024, 1025].map(chunkOf)).toEqual([0, 0, 1]);
  });

  it('of a chunk have each event under its type, category, actor and correlation id', () => {
    const places = placesByKey([anEvent(1025, 'ann'), anEvent(1026, 'bob'), anEvent(2048, 'ann')]);

    expect(places.get(keyOf('type', 'orders.placed'))).toEqual([0, 1, 1023]);
    expect(places.get(keyOf('category', 'order'))).toEqual([0, 1, 1023]);
    expect(places.get(keyOf('actor', 'ann'))).toEqual([0, 1023]);
    expect(places.get(keyOf('correlation', 'request-1026'))).toEqual([1]);
    expect(places.size).toBe(7);
  });

  // Found by a search through 30 million names.
  it('of two values that share a key have the events of both, each once', () => {
    const first = { ...anEvent(1, 'n27103943'), correlationId: 'n23555634' };
    const second = { ...anEvent(2, 'n140199'), correlationId: 'n23555634' };
    const third = { ...anEvent(3, 'n19338855'), correlationId: 'n23555634' };
    const fourth = anEvent(4, 'n27103943');
    expect(keyOf('actor', 'n140199')).toBe(keyOf('actor', 'n27103943'));
    expect(keyOf('actor', 'n19338855')).toBe(keyOf('correlation', 'n23555634'));

    const places = placesByKey([first, second, third, fourth]);

    expect(places.get(keyOf('actor', 'n140199'))).toEqual([0, 1, 3]);
    expect(places.get(keyOf('correlation', 'n23555634'))).toEqual([0, 1, 2]);
  });
});
