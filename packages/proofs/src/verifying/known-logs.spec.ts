import { checkpointText, parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { parseSigningKey, parseVerifierKey } from '../notes/keys.js';
import { formatNote, MalformedNoteError } from '../notes/note.js';
import { signNote, UnverifiedNoteError, verifyNote } from '../notes/signing.js';
import { bundleOf, recordsIn } from '../records/entry-bundle.js';
import { GrowingTree } from '../tree/growing-tree.js';
import { leafHash } from '../tree/hashes.js';
import { proveConsistency, proveInclusion } from '../tree/prove.js';
import { hashesFromTiles } from '../tree/tile-hashes.js';
import { includes, isConsistent } from '../tree/verify.js';

/**
 * A log that another program has written: `testdata/log` of transparency-dev/tessera, made by its `posix-oneshot` with the
 * keys and the entries of `testdata/build_log.sh`.
 */
const KEY = 'PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg';
const VERIFIER = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const ORIGIN = 'example.com/log/testdata';
const ENTRIES = 'one two three four five six seven eit nain ten ileven twelf threeten fourten fivten'.split(' ');
/** Its file `tile/entries/000.p/15`, in base64. */
const BUNDLE =
  'AANvbmUAA3R3bwAFdGhyZWUABGZvdXIABGZpdmUAA3NpeAAFc2V2ZW4AA2VpdAAEbmFpbgADdGVuAAZpbGV2ZW4ABXR3ZWxmAAh0aHJlZXRlbgAHZm91cnRlbgAGZml2dGVu';
/** Root and signature of the files `checkpoint.1` to `checkpoint.15`. */
const CHECKPOINTS = [
  [
    '0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=',
    'M9e0lhr9kuLxGdAtaUrhm84TQffVsLdcy808sN0a3WyniNlfcr9+bywoiIke1YYciCNjJGkCgIlQ8b16jhsmg/SChAM=',
  ],
  [
    'T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=',
    'M9e0llH4NKmlf0u7C8tkJioQOmi7l5ELqljXgKRg6R3G5JJ7vx7emDWo5fpqKuA/Dk/jRrI6il+7QCVirNhyUAWGoAk=',
  ],
  [
    'Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=',
    'M9e0lvAQRtH832pk2RTbeSeZMkp4FZSdJYFBUjO5SKxuRbywPUF3cx+HUrb50kjd3rUWW/fj53Wj1dwcwh9bGQnqVAg=',
  ],
  [
    'zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=',
    'M9e0lnFuWt0cp60moO4jAkeXvMNLIIOGn4WdyeHQurBt9mBi0tWdfkldiAt9k0FpwuZymvttsVn9uwyouXU3vPpeNAc=',
  ],
  [
    'gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=',
    'M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqwv2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=',
  ],
  [
    'a6sWvsc2eEzmj72vah7mZ5dwFltivehh2b11qwlp5Jg=',
    'M9e0ln+nHSdGSHEZBcjvqyYDXDbG8WxDwCDjbbGAMv/NTynAtJWhckSXIpuwpN3yJ4PTtzUbD34YGqIZr6RgJRn16gU=',
  ],
  [
    'IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=',
    'M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=',
  ],
  [
    'bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=',
    'M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=',
  ],
  [
    'CvhHViE3S9E3htHLR+25mapWoGCJ3WckMq1UtC3VmEY=',
    'M9e0ls3mdnWX0qk4P3uGG0eYiFRWSwPR+RdeD1ARmrHPHjXP0x9UJWASPFTOTqJo0mp7Epck2O9RFB0J9IjDdAewagw=',
  ],
  [
    'y8/gZsZCtitsMan09tY+k8I7Qpr7Y5fbO2tLi9GQnfU=',
    'M9e0lrmwaVEOWFZ+HS5ITnRd2YMOSWE5QeoYu+6DHwJLnJ+SVeJ2ZiYeD7lVC5oGJx76gbfLSyCUEq6D8JkarrsuiQQ=',
  ],
  [
    'Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A=',
    'M9e0lqbRtWirJwbUy4w3VrK2RyzfW8P+OIkc8t6b6AVG/tQd1Q2SN+uCLYzNNFnf/PhzeCdURSGQe1MRnohCxPu21wg=',
  ],
  [
    'uZo6M+IhVna+CLgWCrJs0xBPUHbozHkYTQASduHSLME=',
    'M9e0lrFzoTgi+ovhrqX0DpsEAp3wLu1coMLIkeCwSkGfS4Ox4pLXo2LHudqm4merh0ZkCNzHr8kQwq5gS5mmimIvdA4=',
  ],
  [
    'av0kLH0VkkVDrTuZzBGIx7d9z5G1l/GlKz/nAV/8woQ=',
    'M9e0liO8x8xfEOGmZVYODUjQajkEpjccPQ9EkG3yEEDet4K3BWE/DFRPH6H+b6gFFFaG5KS1bBmYS/xeZJs8lj+z+wM=',
  ],
  [
    'SvCd38yNade7xEPY1a/aAc1M3A2AHYVF8lIiUnsH1ao=',
    'M9e0lu8roIpjC+NXEG7JDkajIahoYDYWgxDtxfx/6rzLoztU9t/PvivZ48xt8ygJpjzaboSpkbVv3Jb+D3NdXWQf5wo=',
  ],
  [
    'rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=',
    'M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=',
  ],
] as const;

const leaves = ENTRIES.map((entry) => leafHash(Buffer.from(entry)));

function treeOf(size: number): GrowingTree {
  const tree = new GrowingTree();
  for (const leaf of leaves.slice(0, size)) tree.add(leaf);
  return tree;
}

/** From the tile of the tree when it had that size. */
const hashesAt = (size: number) => hashesFromTiles(size, async () => [Buffer.concat(leaves.slice(0, size))]);

function checkpointAt(size: number): SignedCheckpoint {
  const [root, signature] = CHECKPOINTS[size - 1]!;
  return parseCheckpoint(`${ORIGIN}\n${size}\n${root}\n\n— ${ORIGIN} ${signature}\n`);
}

describe('the log of another program', () => {
  const sizes = CHECKPOINTS.map((_, index) => index + 1);

  it('has its entries in a bundle as we write them', () => {
    expect(bundleOf(ENTRIES.map((entry) => Buffer.from(entry))).toString('base64')).toBe(BUNDLE);
    expect(recordsIn(Buffer.from(BUNDLE, 'base64')).map(String)).toEqual(ENTRIES);
  });

  it.each(sizes)('has our checkpoint at size %i, to the byte', (size) => {
    const theirs = checkpointAt(size);
    const text = checkpointText({ origin: ORIGIN, size, root: treeOf(size).root });
    expect(formatNote({ text, signatures: [signNote(text, parseSigningKey(KEY))] })).toBe(formatNote(theirs.note));
    expect(verifyNote(theirs.note, [parseVerifierKey(VERIFIER)])).toHaveLength(1);
  });

  it('grows consistently, and includes each of its entries', async () => {
    const last = checkpointAt(ENTRIES.length);
    for (const size of sizes) {
      const first = checkpointAt(size);
      expect(isConsistent(await proveConsistency(size, last.size, hashesAt(last.size)), first, last)).toBe(true);
      const leaf = { index: size - 1, hash: leaves[size - 1]! };
      expect(includes(await proveInclusion(leaf.index, last.size, hashesAt(last.size)), leaf, last)).toBe(true);
      expect(includes(await proveInclusion(leaf.index, size, hashesAt(size)), leaf, first)).toBe(true);
    }
  });
});

it('verifies a checkpoint that sum.golang.org has signed', () => {
  // Of `cmd/litewitness/testdata/sumdb.txt` of FiloSottile/torchwood.
  const key = parseVerifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8');
  const text = 'go.sum database tree\n35225469\nvt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=\n';
  const signature = 'Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=';
  const checkpoint = parseCheckpoint(`${text}\n— sum.golang.org ${signature}\n`);

  expect(checkpoint).toMatchObject({ origin: 'go.sum database tree', size: 35_225_469 });
  expect(verifyNote(checkpoint.note, [key])).toHaveLength(1);
  const changed = { ...checkpoint.note, text: text.replace('69', '70') };
  expect(() => verifyNote(changed, [key])).toThrow(UnverifiedNoteError);
});

describe('what a witness was asked', () => {
  // Of `cmd/litewitness/testdata/litewitness.txt` of FiloSottile/torchwood.
  const origin = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
  const material = Buffer.from('01ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f', 'hex');
  const key = parseVerifierKey(`${origin}+5202289b+${material.toString('base64')}`);
  const at = (size: number, root: string, signature: string): SignedCheckpoint =>
    parseCheckpoint(`${origin}\n${size}\n${root}\n\n— ${origin} ${signature}\n`);
  const one = at(
    1,
    'KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=',
  );
  const three = (end: string): SignedCheckpoint =>
    at(
      3,
      'RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=',
      `UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6g${end}=`,
    );
  const proof = ['KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='];
  const hashes = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'base64'));

  it('is signed, and consistent', () => {
    for (const { note } of [one, three('o')]) expect(verifyNote(note, [key])).toHaveLength(1);
    expect(isConsistent(hashes(...proof), one, three('o'))).toBe(true);
  });

  it('is refused where that witness refuses it', () => {
    // The same signature, in base64 that is not canonical.
    expect(() => three('x')).toThrow(MalformedNoteError);
    expect(isConsistent([], one, three('o'))).toBe(false);
    const changed = 'KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABA=';
    expect(isConsistent(hashes(proof[0]!, changed), one, three('o'))).toBe(false);
  });
});
