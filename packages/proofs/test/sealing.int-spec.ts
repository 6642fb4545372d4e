import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Databases, EventLog } from '@leftfold/core';
import {
  formatNote,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  type ProofsOptions,
  Sealed,
  type SignedCheckpoint,
  verifyNote,
} from '../src/index.js';
import { encodeRecord, recordOf } from '../src/records/record.js';
import { leafHash } from '../src/tree/hashes.js';
import { GrowingTree } from '../src/tree/growing-tree.js';
import { declareNewOrigin } from '../src/verifying/new-origin.js';
import { includes } from '../src/tree/verify.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, open, raise } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';
import { eventually } from '../../core/test/support/eventually.js';

const KEY = newSigningKey('log.example');
const SEALER = 'proofs.seal';

describe.each(DATABASE_KINDS)('sealing on %s', (kind) => {
  let nodes: CounterNodes;
  let memory: string;

  /** The lease is so short that another node polls soon: on SQLite it has no other way to see that one is free. */
  const start = (options: Partial<ProofsOptions> = {}): Promise<CounterNode> =>
    nodes.start(
      { leaseTtl: 4_000 },
      { imports: [ProofsModule.forRoot({ keys: [KEY], memory, interval: 10, ...options })] },
    );

  const sealedTo = async (node: CounterNode, position: number): Promise<SignedCheckpoint> => {
    expect(await node.get(Sealed).waitFor(position, 20_000)).toBe(true);
    return (await node.get(Proofs).checkpoint())!;
  };

  const rootOfRows = async (log: EventLog, size: number): Promise<Buffer> => {
    const tree = new GrowingTree();
    const { events } = await log.readAll({ after: 0, limit: 10_000, upTo: size });
    for (const event of events) tree.add(leafHash(encodeRecord(recordOf(event))));
    return tree.root;
  };

  const appendMany = (node: CounterNode, stream: string, count: number) =>
    node.log.append([
      {
        stream,
        expected: 'any',
        events: Array.from({ length: count }, (_, n) => ({ type: 'nobody.knows-this', data: { n } })),
      },
    ]);

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
    memory = join(nodes.database.folder, 'last-checkpoint');
  });

  afterEach(() => nodes.drop());

  it('covers every event, also of types that nobody knows, and goes on where another node stopped', async () => {
    const first = await start();
    const id = await open(first);
    const { position } = await appendMany(first, 'other-1', 600);
    const checkpoint = await sealedTo(first, position);
    expect(verifyNote(checkpoint.note, [parseVerifierKey(parseSigningKey(KEY).verifier)])).toHaveLength(1);
    expect(checkpoint.origin).toBe(`leftfold/${await first.log.id()}`);
    expect(checkpoint.root).toEqual(await rootOfRows(first.log, checkpoint.size));

    const second = await start();
    await nodes.stop(first);
    const last = await raise(second, id);
    const later = await sealedTo(second, last);
    expect(later.root).toEqual(await rootOfRows(second.log, later.size));
    expect(await readFile(memory, 'utf8')).toBe(formatNote(later.note));

    const proofs = second.get(Proofs);
    for (const at of [1, 256, 257, last]) {
      const proof = await proofs.prove(at);
      const { events } = await second.log.readAll({ after: at - 1, limit: 1 });
      const leaf = { index: at - 1, hash: leafHash(encodeRecord(recordOf(events[0]!))) };
      expect(includes(proof.proof, leaf, proof.checkpoint)).toBe(true);
      expect(await proofs.prove(events[0]!.eventId)).toMatchObject({ index: at - 1 });
    }
    await expect(proofs.prove(last + 1)).rejects.toThrow(`No signed checkpoint covers position ${last + 1} yet.`);
  });

  it('signs what a crash left unsigned, and what a new key has not signed', async () => {
    const node = await start();
    const first = await sealedTo(node, await raise(node, await open(node)));
    await nodes.stop(node);
    // The process died after it remembered a checkpoint, and before the database had it.
    await nodes.sql(`update leftfold_proof_tree set size = 0, edge = '[]', checkpoint = null, checkpoint_size = 0`);

    const added = newSigningKey('log.example');
    const again = await start({ keys: [KEY, added] });
    await eventually(async () => {
      const checkpoint = await again.get(Proofs).checkpoint();
      expect(checkpoint).toMatchObject({ size: first.size, root: first.root });
      expect(checkpoint!.note.signatures).toHaveLength(2);
    });
  });

  // What was signed is compared with what was read, the same on both; the statements are above.
  if (kind !== 'sqlite') return;

  it.each([
    [
      'ends before the last checkpoint',
      0,
      /ends at position \d+, and a checkpoint was signed at position \d+\..*older backup/,
    ],
    ['went on from an older backup', 5, /are not those that were signed there\..*older backup/],
  ])('signs nothing in a log that %s', async (_what, more, message) => {
    const before = await start();
    const id = await open(before);
    await sealedTo(before, 1);
    await nodes.stop(before);
    const backup = await nodes.copy();
    const node = await start();
    await raise(node, id);
    const checkpoint = await sealedTo(node, await raise(node, id));
    await nodes.stop(node);

    const restored = await backup.start({}, { imports: [ProofsModule.forRoot({ keys: [KEY], memory, interval: 10 })] });
    try {
      for (let n = 0; n < more; n++) await open(restored);
      await eventually(async () => expect((await restored.status(SEALER)).lastError).toMatch(message));
      expect(await restored.get(Proofs).checkpoint()).not.toMatchObject({ size: checkpoint.size });
      expect(await readFile(memory, 'utf8')).toBe(formatNote(checkpoint.note));

      const declared = await declareNewOrigin(restored.get(Databases), checkpoint);
      const again = await sealedTo(restored, await raise(restored, id));
      expect(again.origin).toBe(declared!.origin);
      expect(again.origin).not.toBe(checkpoint.origin);
      expect(await restored.get(Proofs).origins()).toEqual([again.origin, checkpoint.origin]);
      expect(await readFile(memory, 'utf8')).toBe(formatNote(again.note));
    } finally {
      await backup.drop();
    }
  });

  it('refuses a file that is no checkpoint, and says so in its status', async () => {
    await writeFile(memory, 'something else\n');
    const node = await start();
    await open(node);
    await eventually(async () => expect((await node.status(SEALER)).lastError).toMatch('This is no signed note'));
  });
});
