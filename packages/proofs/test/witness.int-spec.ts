import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkpointText,
  formatNote,
  newSigningKey,
  parseCheckpoint,
  parseSigningKey,
  parseVerifierKey,
  signNote,
  type SignedCheckpoint,
  verifyNote,
} from '../src/index.js';
import { GrowingTree } from '../src/tree/growing-tree.js';
import { leafHash } from '../src/tree/hashes.js';
import { proveConsistency } from '../src/tree/prove.js';
import { hashesFromTiles } from '../src/tree/tile-hashes.js';
import { formatWitnessRequest, parseWitnessRequest, type WitnessRequest } from '../src/witnessing/witness-request.js';
import { Witness } from '../src/witnessing/witness.js';

const LOG = parseSigningKey(newSigningKey('log.example'));
const WITNESS = parseSigningKey(newSigningKey('witness.example', 'witness'));
const ORIGIN = 'example.com/log';

/** The tree of a log whose leaves after a size are others. */
const treeOf = (size: number, otherAfter = size): GrowingTree => {
  const tree = new GrowingTree();
  for (let n = 0; n < size; n++) tree.add(leafHash(Buffer.from(n < otherAfter ? `leaf ${n}` : `other ${n}`)));
  return tree;
};

const signed = (tree: GrowingTree, key = LOG, origin = ORIGIN): SignedCheckpoint => {
  const text = checkpointText({ origin, size: tree.size, root: tree.root });
  return parseCheckpoint(formatNote({ text, signatures: [signNote(text, key)] }));
};

const request = async (oldSize: number, tree: GrowingTree, checkpoint = signed(tree)): Promise<WitnessRequest> => {
  const read = hashesFromTiles(tree.size, async (tiles) => tiles.map(({ level }) => tree.partialTiles[level]!));
  return { oldSize, proof: await proveConsistency(oldSize, tree.size, read), checkpoint };
};

describe('a witness', () => {
  let folder: string;
  let state: string;
  let witness: Witness;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'witness-'));
    state = join(folder, 'state');
    witness = new Witness(WITNESS, [parseVerifierKey(LOG.verifier)], state);
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('signs what only adds to what it has signed, also after a restart and once more', async () => {
    const first = await request(0, treeOf(5));
    await witness.cosign(parseWitnessRequest(formatNote(first.checkpoint.note)));
    const next = await request(5, treeOf(9));
    const again = new Witness(WITNESS, [parseVerifierKey(LOG.verifier)], state);
    const cosignature = await again.cosign(parseWitnessRequest(formatWitnessRequest(next)));
    const note = { text: next.checkpoint.note.text, signatures: [...next.checkpoint.note.signatures, cosignature] };
    expect(verifyNote(note, [parseVerifierKey(WITNESS.verifier)])).toMatchObject([{ time: expect.any(Number) }]);
    expect(await readFile(state, 'utf8')).toBe(formatNote(next.checkpoint.note));
    await again.cosign(await request(9, treeOf(9)));
    expect(await readdir(folder)).toEqual(['state']);
  });

  it.each<[string, () => Promise<WitnessRequest>, RegExp]>([
    [
      'is signed by another key',
      () => request(5, treeOf(9), signed(treeOf(9), parseSigningKey(newSigningKey('x')))),
      /None of the known keys/,
    ],
    [
      'was rewritten',
      () => request(5, treeOf(9, 3)),
      /The log was rewritten: its checkpoint of 9 events does not only add to the one of 5/,
    ],
    ['has other events at the same size', () => request(5, treeOf(5, 3)), /The log was rewritten/],
    [
      'shrank',
      () => request(0, treeOf(4)),
      /The log shrank: a checkpoint of 5 events was signed here, and this one has 4\./,
    ],
    [
      'comes with a proof from another size',
      () => request(4, treeOf(9)),
      /The proof begins at 4 events, and this witness has seen 5\./,
    ],
    [
      'has another origin',
      () => request(5, treeOf(9), signed(treeOf(9), LOG, 'other')),
      /The last checkpoint was of example.com\/log/,
    ],
  ])('signs nothing when the log %s', async (_what, asked, message) => {
    const { checkpoint } = await request(0, treeOf(5));
    await witness.cosign({ oldSize: 0, proof: [], checkpoint });
    await expect(witness.cosign(await asked())).rejects.toThrow(message);
    expect(await readFile(state, 'utf8')).toBe(formatNote(checkpoint.note));
  });

  it('runs once at a time, and not with the key of a log', async () => {
    const both = await Promise.allSettled([5, 6].map(async (size) => witness.cosign(await request(0, treeOf(size)))));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(() => new Witness(LOG, [], state)).toThrow('is no key of a witness');
  });

  it('refuses a state that another one uses', async () => {
    await writeFile(`${state}.lock`, '');
    await expect(witness.cosign(await request(0, treeOf(5)))).rejects.toThrow(
      `Another witness uses this state. If none runs, delete ${state}.lock.`,
    );
    expect(await readdir(folder)).toEqual(['state.lock']);
  });

  it('names what is wrong with the file of its state', async () => {
    const lost = new Witness(WITNESS, [parseVerifierKey(LOG.verifier)], join(folder, 'missing', 'state'));
    await expect(lost.cosign(await request(0, treeOf(5)))).rejects.toThrow(
      /^The state can't be used: ENOENT: no such file or directory, open '.*state\.lock'$/,
    );
  });
});
