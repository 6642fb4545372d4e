import { Databases, EventLog, LogVerifier } from '@leftfold/core';
import {
  formatProof,
  newSigningKey,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  Sealed,
  verifyProof,
} from '../src/index.js';
import { TreeVerifier, type TreeReport } from '../src/verifying/tree-verifier.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';

const KEY = newSigningKey('log.example');
const VERIFIER = parseVerifierKey(parseSigningKey(KEY).verifier);
const EVENTS = 600;
/** What an insider with the rights of the owner does first. */
const DISARM = {
  sqlite: [
    'drop trigger leftfold_events_are_not_updated',
    'drop trigger leftfold_events_are_not_deleted',
    'drop trigger leftfold_events_are_not_replaced',
  ],
  postgres: ['drop trigger leftfold_events_are_immutable on leftfold_events'],
};
const move = (from: number, to: number) => `update leftfold_events set position = ${to} where position = ${from}`;
const swap = (one: number, other: number) => [move(one, 9_000_000), move(other, one), move(9_000_000, other)];
const shift = (from: number, by: number) => [
  `update leftfold_events set position = position + 1000000 where position >= ${from}`,
  `update leftfold_events set position = position - ${1_000_000 - by} where position >= 1000000`,
];
const at = (position: number, what: string) => new RegExp(`^The event at position ${position} .*${what}`);
const CHANGED = 'was changed, or inserted, after it was sealed';

describe.each(DATABASE_KINDS)('a log on %s that was changed from outside', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    const sealing = { imports: [ProofsModule.forRoot({ keys: [KEY], interval: 10 })] };
    const sealer = await nodes.start({}, sealing);
    const events = Array.from({ length: EVENTS }, (_, n) => ({ type: 'samples.made', data: { n } }));
    await sealer.log.append([{ stream: 'sample-1', expected: 'no-stream', events }]);
    await sealer.get(Sealed).waitFor(EVENTS, 20_000);
    await nodes.stop(sealer);
    // It seals nothing, and so never an event that a test inserts for a moment.
    node = await nodes.start({ runSubscriptions: false }, sealing);
    for (const statement of DISARM[kind]) await nodes.sql(statement);
  });

  afterAll(() => nodes.drop());

  const verify = (): Promise<TreeReport> => new TreeVerifier(node.get(EventLog), node.get(Databases)).verify();

  it.each<[string, string[], string[], RegExp[]]>([
    ['nothing changed', [], [], []],
    [
      'data changed',
      [`update leftfold_events set data = '{"n":7}' where position = 300`],
      [`update leftfold_events set data = '{"n":299}' where position = 300`],
      [at(300, CHANGED)],
    ],
    [
      'an actor changed',
      [`update leftfold_events set actor = 'x' || actor where position = 1`],
      [`update leftfold_events set actor = substr(actor, 2) where position = 1`],
      [at(1, CHANGED)],
    ],
    [
      'a time changed',
      ['update leftfold_events set recorded_at = recorded_at - 1 where position = 600'],
      ['update leftfold_events set recorded_at = recorded_at + 1 where position = 600'],
      [at(600, CHANGED)],
    ],
    [
      'two events swapped',
      swap(10, 400),
      swap(10, 400),
      [at(10, 'was moved: it was sealed at position 400'), at(400, 'was moved: it was sealed at position 10')],
    ],
    [
      'an event removed, and the later ones moved up',
      [move(599, 9_000_000), move(600, 599)],
      [move(599, 600), move(9_000_000, 599)],
      [at(599, 'was moved: it was sealed at position 600'), /^The event at position 600 is missing\.$/],
    ],
    [
      'an event inserted, and the later ones moved down',
      [
        ...shift(599, 1),
        `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor, correlation_id, recorded_at, partition)
         select 599, 'sample-2', 1, '01890a5d-ac96-774b-bcce-b302099a8057', type, schema_version, data, metadata, actor, correlation_id, recorded_at, partition
           from leftfold_events where position = 598`,
      ],
      ['delete from leftfold_events where position = 599', ...shift(600, -1)],
      [at(599, CHANGED), at(600, 'was moved: it was sealed at position 599')],
    ],
    [
      'a hash of a leaf changed',
      [
        `update leftfold_proof_tiles set hashes = replace(hashes, substr(hashes, 1, 8), 'AAAAAAAA') where level = 0 and tile = 1`,
      ],
      [],
      [
        /^The stored hash of position 257 was changed\. The event is as it was signed\.$/,
        /^The last tile of level 1 was changed/,
        /^The checkpoint at position 600 is not/,
      ],
    ],
  ])('%s: is named', async (_what, tamper, restore, expected) => {
    const before = await nodes.sql('select level, tile, hashes from leftfold_proof_tiles');
    for (const statement of tamper) await nodes.sql(statement);
    try {
      const { ok, found, findings } = await verify();
      expect(findings.map(({ message }) => message)).toEqual(expected.map((each) => expect.stringMatching(each)));
      expect({ ok, found }).toEqual({ ok: expected.length === 0, found: expected.length });
    } finally {
      for (const statement of restore) await nodes.sql(statement);
      for (const { level, tile, hashes } of before) {
        await nodes.sql(
          `update leftfold_proof_tiles set hashes = '${String(hashes)}' where level = ${String(level)} and tile = ${String(tile)}`,
        );
      }
    }
    expect((await verify()).ok).toBe(true);
  });

  it.each([
    ['edge', 'x'],
    ['edge', '{}'],
    ['former_origins', '[7]'],
    ['checkpoint', 'hello'],
  ])('is named beside the other findings, when %s of the tree is %j', async (column, value) => {
    const [row] = await nodes.sql(`select ${column} as was from leftfold_proof_tree`);
    await nodes.sql(`update leftfold_proof_tree set ${column} = '${value}'`);
    try {
      const message = 'The row of the tree can not be read: it was changed from outside.';
      expect(await verify()).toMatchObject({ ok: false, found: 1, findings: [{ message }], notYetSealed: EVENTS });
      const { findings } = await node.get(LogVerifier).verify();
      expect(findings).toEqual([{ check: 'seal', where: 'log', message }]);
    } finally {
      await nodes.sql(`update leftfold_proof_tree set ${column} = '${String(row!.was)}'`);
    }
  });

  it('is named by "log verify", when the signature of the checkpoint was changed', async () => {
    const [row] = await nodes.sql('select checkpoint from leftfold_proof_tree');
    const checkpoint = String(row!.checkpoint);
    const changed = checkpoint.replace(/.{6}==\n$|.{7}=\n$/, (end) => `AAAA${end.slice(4)}`);
    await nodes.sql(`update leftfold_proof_tree set checkpoint = '${changed}'`);
    const { findings } = await node.get(LogVerifier).verify();
    expect(findings).toMatchObject([
      {
        check: 'seal',
        message: expect.stringMatching(
          /^The checkpoint at position 600: The signature .* one of them was changed/,
        ) as string,
      },
    ]);
    await nodes.sql(`update leftfold_proof_tree set checkpoint = '${checkpoint}'`);
    expect((await node.get(LogVerifier).verify()).ok).toBe(true);
  });

  it('serves no part of a tile, and no entries without one', async () => {
    const proofs = node.get(Proofs);
    const [tile] = await nodes.sql('select hashes from leftfold_proof_tiles where level = 0 and tile = 0');
    await nodes.sql(`update leftfold_proof_tiles set hashes = '' where level = 0 and tile = 0`);
    await expect(proofs.tile({ level: 0, index: 0, width: 256 })).rejects.toThrow('Tile 0 of level 0 is missing');
    await nodes.sql(`update leftfold_proof_tiles set hashes = '${String(tile!.hashes)}' where level = 0 and tile = 0`);
    await nodes.sql(move(300, 9_000_000));
    await expect(proofs.entries({ level: 'entries', index: 1, width: 256 })).rejects.toThrow('position 300 is not');
    await nodes.sql(move(9_000_000, 300));
    expect((await verify()).ok).toBe(true);
  });

  it('proves an event only as it was sealed', async () => {
    await nodes.sql(`update leftfold_events set data = '{"n":7}' where position = 300`);
    await expect(node.get(Proofs).prove(300)).rejects.toThrow('position 300 is not the one that was sealed');
    // "log verify" names it, too.
    const { sealed, findings } = await node.get(LogVerifier).verify();
    expect(sealed).toBe(EVENTS);
    expect(findings).toMatchObject([
      { check: 'seal', where: 'log', position: 300, message: expect.stringContaining(CHANGED) as string },
    ]);
    await nodes.sql(`update leftfold_events set data = '{"n":299}' where position = 300`);

    const proof = await node.get(Proofs).prove(300);
    const file = formatProof(proof);
    expect(verifyProof(file, { keys: [VERIFIER] })).toMatchObject({
      event: { position: 300, stream: 'sample-1', data: '{"n":299}' },
      size: EVENTS,
      signedBy: [{ key: `log.example+${VERIFIER.keyId}` }],
    });
    const other = { ...proof, extra: Buffer.from(proof.extra!.toString().replace('299', '7')) };
    for (const broken of [
      formatProof(other),
      formatProof({ ...proof, extra: undefined }),
      formatProof({ ...proof, index: 300 }),
      formatProof({ ...proof, proof: proof.proof.toReversed() }),
      file.replace(`\n${EVENTS}\n`, `\n${EVENTS + 1}\n`),
    ]) {
      expect(() => verifyProof(broken, { keys: [VERIFIER] })).toThrow(Error);
    }
    expect(() => verifyProof(file, { keys: [VERIFIER], origin: 'another' })).toThrow(
      'The checkpoint is of another log',
    );
    expect(() => verifyProof(file, { keys: [VERIFIER], witnesses: 1 })).toThrow('0 known witnesses have signed');
    expect(() => verifyProof(file, { keys: [] })).toThrow('None of the known keys has signed it.');
  });
});
