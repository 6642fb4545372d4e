import fc from 'fast-check';
import { GrowingTree, type FullTile } from './growing-tree.js';
import { leafHash, nodeHash, EMPTY_ROOT } from './hashes.js';
import { proveConsistency, proveInclusion } from './prove.js';
import { type ReadHashes, rootOf } from './subtrees.js';
import { hashesFromTiles } from './tile-hashes.js';
import { includes, isConsistent } from './verify.js';

/** The leaves of the known answers of RFC 6962 implementations. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => leafHash(Buffer.from(hex, 'hex')),
);

/** Roots of their first 1 to 8 leaves, as certificate-transparency-go has them. */
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Proofs from the same vectors: leaf (from 0), size, hashes. */
const INCLUSION: readonly (readonly [number, number, readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
];
const CONSISTENCY: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** The definition of RFC 9162, word for word. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

class TestTree {
  readonly tree = new GrowingTree();
  readonly leaves: Buffer[] = [];
  private readonly full = new Map<string, FullTile>();

  constructor(leaves: Iterable<Buffer>) {
    for (const leaf of leaves) {
      for (const tile of this.tree.add(leaf)) this.full.set(`${tile.level}/${tile.index}`, tile);
      this.leaves.push(leaf);
    }
  }

  root(size: number): Promise<Buffer> {
    return rootOf(size, this.at(size));
  }

  /** Hashes from the tiles of this tree when it had that size. */
  at(size: number): ReadHashes {
    return hashesFromTiles(size, async (tiles) =>
      tiles.map(({ level, index, width }) => {
        const hashes = this.full.get(`${level}/${index}`)?.hashes ?? this.tree.partialTiles[level]!;
        return hashes.subarray(0, width * 32);
      }),
    );
  }
}

const numbered = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => leafHash(Buffer.from(`leaf ${n}`)));
const flipped = (hash: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(hash);
  copy[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
  return copy;
};

describe('the known answers of RFC 6962', () => {
  const known = new TestTree(LEAVES);

  it('has the root of each size', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const grown = ROOTS.map((_, n) => new TestTree(LEAVES.slice(0, n + 1)).tree.root.toString('hex'));
    expect(grown).toEqual(ROOTS);
  });

  it.each(INCLUSION)('proves leaf %i in %i', async (index, size, expected) => {
    const proof = await proveInclusion(index, size, known.at(size));
    expect(proof.map((hash) => hash.toString('hex'))).toEqual(expected);
    expect(includes(proof, { index, hash: LEAVES[index]! }, { size, root: await known.root(size) })).toBe(true);
  });

  it.each(CONSISTENCY)('proves that %i is the beginning of %i', async (first, second, expected) => {
    const proof = await proveConsistency(first, second, known.at(second));
    expect(proof.map((hash) => hash.toString('hex'))).toEqual(expected);
  });
});

describe('a tree of three levels of tiles', () => {
  const SIZE = 66_100;
  const tree = new TestTree(numbered(SIZE));
  const size = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 65_400, max: SIZE }));

  it.each([0, 1, 255, 256, 257, 65_536, 65_537])('has the root that the RFC defines at %i', async (n) => {
    const defined = definedRoot(tree.leaves.slice(0, n));
    expect(await tree.root(n)).toEqual(defined);
    expect(new TestTree(tree.leaves.slice(0, n)).tree.root).toEqual(defined);
  });

  it('shows that any two sizes are consistent, and no flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(), async (one, other, at) => {
        const [a, b] = [Math.min(one, other), Math.max(one, other)];
        const proof = await proveConsistency(a, b, tree.at(b));
        const first = { size: a, root: await tree.root(a) };
        const second = { size: b, root: await tree.root(b) };
        expect(isConsistent(proof, first, second)).toBe(true);
        const bit = at % 256;
        expect(isConsistent(proof, { size: a, root: flipped(first.root, bit) }, second)).toBe(false);
        expect(isConsistent(proof, first, { size: b, root: flipped(second.root, bit) })).toBe(false);
        expect(isConsistent([...proof, first.root], first, second)).toBe(false);
        if (proof.length === 0) return;
        const broken = proof.with(at % proof.length, flipped(proof[at % proof.length]!, bit));
        expect(isConsistent(broken, first, second)).toBe(false);
        expect(isConsistent(proof.slice(1), first, second)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('shows that any leaf is included, at its place only, and no flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (n, leafAt, at) => {
        const index = leafAt % n;
        const proof = await proveInclusion(index, n, tree.at(n));
        const whole = { size: n, root: await tree.root(n) };
        const hash = tree.leaves[index]!;
        const bit = at % 256;
        expect(includes(proof, { index, hash }, whole)).toBe(true);
        expect(includes(proof, { index, hash: flipped(hash, bit) }, whole)).toBe(false);
        expect(includes(proof, { index, hash }, { size: n, root: flipped(whole.root, bit) })).toBe(false);
        expect(includes([...proof, hash], { index, hash }, whole)).toBe(false);
        expect(includes(proof, { index: (index + 1) % n, hash }, whole)).toBe(n === 1);
        if (proof.length === 0) return;
        const broken = proof.with(at % proof.length, flipped(proof[at % proof.length]!, bit));
        expect(includes(broken, { index, hash }, whole)).toBe(false);
        expect(includes(proof.slice(1), { index, hash }, whole)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on from its partial tiles, and refuses those of another size', async () => {
    const half = new TestTree(numbered(300)).tree;
    const again = new GrowingTree(300, half.partialTiles);
    const next = leafHash(Buffer.from('leaf 300'));
    again.add(next);
    expect(again.root).toEqual(await tree.root(301));
    expect(() => new GrowingTree(299, half.partialTiles)).toThrow('not the partial tiles of a tree of 299 leaves');
    expect(() => new GrowingTree(70_000, half.partialTiles)).toThrow(RangeError);
  });
});

it.each([
  [3, 3],
  [-1, 3],
  [0.5, 3],
  [0, 2 ** 60],
])('refuses to prove leaf %d in %d', async (index, size) => {
  await expect(proveInclusion(index, size, async () => [])).rejects.toThrow(RangeError);
});
