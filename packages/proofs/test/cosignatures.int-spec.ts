import { join } from 'node:path';
import { Databases } from '@leftfold/core';
import {
  checkpointText,
  Cosignatures,
  formatNote,
  formatProof,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  type ProofsOptions,
  Sealed,
  type SignedCheckpoint,
  type SigningKey,
  signNote,
  verifyNote,
  verifyProof,
} from '../src/index.js';
import { resolveProofsOptions } from '../src/sealing/proofs-options.js';
import { declareNewOrigin } from '../src/verifying/new-origin.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, open, raise } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';

const KEY = newSigningKey('log.example');
const LOG = parseSigningKey(KEY);
const [ANN, BOB, EVE] = ['ann.example', 'bob.example', 'eve.example'].map((name) =>
  parseSigningKey(newSigningKey(name, 'witness')),
) as [SigningKey, SigningKey, SigningKey];

/** The checkpoint, below its text the signatures of the log and of witnesses, as a person would put them together. */
const cosigned = ({ note }: SignedCheckpoint, by: readonly SigningKey[], time = 1_000): string =>
  formatNote({ ...note, signatures: [...note.signatures, ...by.map((key) => signNote(note.text, key, time))] });

/** What the owner of a key could sign. */
const forged = ({ origin, size, root }: SignedCheckpoint, changes: Partial<SignedCheckpoint>, key = LOG) => {
  const text = checkpointText({ origin, size, root, ...changes });
  return formatNote({ text, signatures: [signNote(text, key), signNote(text, ANN, 1_000)] });
};

describe.each(DATABASE_KINDS)('cosignatures on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let [old, last]: SignedCheckpoint[] = [];

  const start = (options: Partial<ProofsOptions> = {}): Promise<CounterNode> => {
    const memory = join(nodes.database.folder, 'last-checkpoint');
    const witnessKeys = [ANN.verifier, BOB.verifier];
    return nodes.start(
      {},
      { imports: [ProofsModule.forRoot({ keys: [KEY], memory, interval: 10, witnessKeys, ...options })] },
    );
  };
  const sealedAt = async (position: number): Promise<SignedCheckpoint> => {
    expect(await node.get(Sealed).waitFor(position, 20_000)).toBe(true);
    return (await node.get(Proofs).checkpoint())!;
  };
  const witnessesOf = (checkpoint: SignedCheckpoint | undefined) =>
    verifyNote(
      checkpoint!.note,
      [ANN, BOB].map(({ verifier }) => parseVerifierKey(verifier)),
    ).map(({ key, time }) => [key.name, time]);

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    node = await start();
    const id = await open(node);
    old = await sealedAt(1);
    last = await sealedAt(await raise(node, id));
  });

  afterAll(() => nodes.drop());

  it.each<[string, () => string, RegExp]>([
    ['that is no checkpoint', () => 'x', /This is no signed note/],
    ['without a signature of a witness', () => formatNote(old!.note), /No witness that is trusted here has signed/],
    [
      'of a witness that is not trusted',
      () => cosigned(old!, [EVE]),
      /No witness .* Signatures: log\.example\+\w+, eve/,
    ],
    [
      'with a wrong signature beside a right one',
      () => cosigned(last!, [ANN]).replace(/— ann.*\n/, /— ann.*\n/.exec(cosigned(old!, [ANN]))![0]),
      /The signature of ann\.example\+\w+ is not for this text/,
    ],
    [
      'that the log has not signed',
      () => forged(old!, {}, parseSigningKey(newSigningKey('log.example'))),
      /No key of this log has signed this checkpoint/,
    ],
    [
      'of another origin',
      () => forged(old!, { origin: 'example.com/log' }),
      /is of example\.com\/log, and this log is/,
    ],
    ['of a size that the log never signed', () => forged(last!, { size: 9 }), /never signed a checkpoint of 9 events/],
    [
      'of another history',
      () => forged(last!, { root: old!.root }),
      /The first 2 events of this log are others than those of the checkpoint/,
    ],
  ])('refuses a checkpoint %s', async (_what, text, message) => {
    await expect(node.get(Cosignatures).add(text())).rejects.toThrow(message);
    expect(await nodes.sql('select * from leftfold_proof_cosignatures')).toEqual([]);
  });

  it('serves those of the newest checkpoint that has any, and proves events under it', async () => {
    const cosignatures = node.get(Cosignatures);
    expect(await cosignatures.latest()).toBeUndefined();

    expect(await cosignatures.add(cosigned(old!, [ANN, EVE]))).toEqual({
      origin: old!.origin,
      size: 1,
      witnesses: [`ann.example+${ANN.keyId}`],
    });

    expect(await cosignatures.of(last!)).toEqual(last);
    const newest = await cosignatures.latest();
    expect([newest!.size, witnessesOf(newest)]).toEqual([1, [['ann.example', 1_000]]]);
    const text = formatProof(await node.get(Proofs).prove(1, newest));
    const keys = [LOG, ANN].map(({ verifier }) => parseVerifierKey(verifier));
    expect(verifyProof(text, { keys, origin: undefined, witnesses: 1 })).toMatchObject({ size: 1 });
    await expect(node.get(Proofs).prove(2, newest)).rejects.toThrow('No signed checkpoint covers position 2 yet.');
  });

  it('keeps the later one of each witness, in whatever order they come, and leaves out who is not trusted any more', async () => {
    const texts = [3_000, 2_000, 3_000].map((time) => cosigned(last!, [ANN], time));
    await Promise.all([...texts, cosigned(last!, [BOB])].map((text) => node.get(Cosignatures).add(text)));

    expect(witnessesOf(await node.get(Cosignatures).of(last!))).toEqual([
      ['ann.example', 3_000],
      ['bob.example', 1_000],
    ]);
    const other = await start({ witnessKeys: [BOB.verifier] });
    expect(witnessesOf(await other.get(Cosignatures).latest())).toEqual([['bob.example', 1_000]]);
    const none = await start({ witnessKeys: [] });
    expect(await none.get(Cosignatures).latest()).toBeUndefined();
    await expect(none.get(Cosignatures).add(cosigned(last!, [BOB]))).rejects.toThrow('No witness is trusted here.');
    await nodes.stop(other);
    await nodes.stop(none);
  });

  it('serves none of an origin that was given up', async () => {
    await declareNewOrigin(node.get(Databases), undefined);

    expect(await node.get(Cosignatures).latest()).toBeUndefined();
    await expect(node.get(Cosignatures).add(cosigned(last!, [BOB]))).rejects.toThrow(
      /is of leftfold\/[\w-]+, and this/,
    );
  });
});

it.each([
  ['a key of a log', LOG.verifier, /is that of a log, and none of a witness/],
  ['no key', 'x', /A key of a witness of ProofsModule can't be read/],
])('the start refuses %s as the key of a witness', (_what, key, message) => {
  expect(() => resolveProofsOptions({ keys: [KEY], witnessKeys: [key] })).toThrow(message);
});
