import fc from 'fast-check';
import { CHUNK, chunkOf, decodePlaces, encodePlaces, keyOf, postingsOf } from './postings.js';

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
    const postings = postingsOf([anEvent(1025, 'ann'), anEvent(1026, 'bob'), anEvent(2048, 'ann')]);

    const placesOf = (key: number): string | undefined => postings.find((each) => each.key === key)?.places;
    expect(placesOf(keyOf('type', 'orders.placed'))).toBe('0,1,1023');
    expect(placesOf(keyOf('category', 'order'))).toBe('0,1,1023');
    expect(placesOf(keyOf('actor', 'ann'))).toBe('0,1023');
    expect(placesOf(keyOf('correlation', 'request-1026'))).toBe('1');
    expect(postings).toHaveLength(7);
    expect(postings.map(({ key }) => key)).toEqual(postings.map(({ key }) => key).toSorted((a, b) => a - b));
  });

  // Found by a search through 30 million names.
  it('of two values that share a key have the events of both, each once', () => {
    const first = { ...anEvent(1, 'n27103943'), correlationId: 'n23555634' };
    const second = { ...anEvent(2, 'n140199'), correlationId: 'n23555634' };
    const third = { ...anEvent(3, 'n19338855'), correlationId: 'n23555634' };
    const fourth = anEvent(4, 'n27103943');
    expect(keyOf('actor', 'n140199')).toBe(keyOf('actor', 'n27103943'));
    expect(keyOf('actor', 'n19338855')).toBe(keyOf('correlation', 'n23555634'));

    const postings = postingsOf([first, second, third, fourth]);

    const placesOf = (key: number): (string | undefined)[] =>
      postings.filter((each) => each.key === key).map(({ places }) => places);
    expect(placesOf(keyOf('actor', 'n140199'))).toEqual(['0,1,3']);
    expect(placesOf(keyOf('correlation', 'n23555634'))).toEqual(['0,1,2']);
  });
});
