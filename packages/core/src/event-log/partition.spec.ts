import { PARTITIONS, partitionOf } from './partition.js';

// The partition is stored with every event. Never change a vector that fails here; fix the function.
it.each([
  ['', 217],
  ['a', 288],
  ['foobar', 756],
  ['order-01890a5d-ac96-774b-bcce-b302099a8057', 1000],
  ['user-6f1c2a34-5b7d-4e8f-9a0b-1c2d3e4f5a6b', 222],
  ['product-größe-€-😀', 913],
])('puts %j into partition %i', (stream, partition) => {
  expect(partitionOf(stream)).toBe(partition);
});

it("is FNV-1a, folded: the first three vectors are its authors' own", () => {
  const published = { '': 0x811c9dc5, a: 0xe40c292c, foobar: 0xbf9cf968 };
  for (const [text, hash] of Object.entries(published)) {
    expect(partitionOf(text)).toBe(((hash & 0xffff) ^ (hash >>> 16)) % PARTITIONS);
  }
});

it('spreads streams over all partitions', () => {
  const counts = Array.from({ length: PARTITIONS }, () => 0);
  for (let index = 0; index < 100 * PARTITIONS; index++) counts[partitionOf(`order-${index}`)]! += 1;

  // An even distribution has 100 each; a fair hash stays within six standard deviations.
  expect(Math.min(...counts)).toBeGreaterThan(40);
  expect(Math.max(...counts)).toBeLessThan(160);
});
