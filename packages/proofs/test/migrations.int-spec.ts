import { join } from 'node:path';
import { LogSeal } from '@leftfold/core';
import { newSigningKey, parseCheckpoint, ProofsModule, Sealed } from '../src/index.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, open, raise } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';

const KEY = newSigningKey('log.example');
const LATER = ['leftfold_forgetting_certificates', 'leftfold_proof_cosignatures'];

describe.each(DATABASE_KINDS)('the tables of proofs in a database of an earlier version on %s', (kind) => {
  let nodes: CounterNodes;

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  const startSealing = (): Promise<CounterNode> => {
    const memory = join(nodes.database.folder, 'last-checkpoint');
    return nodes.start({}, { imports: [ProofsModule.forRoot({ keys: [KEY], memory, interval: 10 })] });
  };
  const sealed = async (node: CounterNode) => {
    const head = await node.log.head();
    expect(await node.get(Sealed).waitFor(head, 20_000)).toBe(true);
    const checkpoint = parseCheckpoint((await node.get(LogSeal).checkpoint())!.note);
    expect(checkpoint.size).toBe(head);
    expect(await node.get(LogSeal).verify({ most: 1, signal: undefined })).toMatchObject({ sealed: head, found: 0 });
    return checkpoint;
  };
  const rows = async () => [
    await nodes.sql('select * from leftfold_proof_tree'),
    await nodes.sql('select * from leftfold_proof_tiles order by level, tile'),
  ];

  it('are made in a log that has events, which are sealed from the first one on', async () => {
    const before = await nodes.start();
    const counterId = await open(before);
    await raise(before, counterId, 1);
    await nodes.stop(before);
    await expect(rows()).rejects.toThrow(/leftfold_proof_tree/);

    expect((await sealed(await startSealing())).size).toBe(2);
  });

  it('keep a tree from before certificates and cosignatures were kept, and it grows', async () => {
    const before = await startSealing();
    const counterId = await open(before);
    const events = Array.from({ length: 300 }, () => ({ type: 'counters.counter-raised', data: { counterId, by: 1 } }));
    await before.log.append([{ stream: `counter-${counterId}`, expected: 1, events }]);
    const old = await sealed(before);
    await nodes.stop(before);
    const was = await rows();
    for (const table of LATER) await nodes.sql(`drop table ${table}`);
    await nodes.sql(`delete from leftfold_migrations_events where name like 'CreateC%17500040_0000'`);

    const node = await startSealing();

    expect(await rows()).toEqual(was);
    for (const table of LATER) expect(await nodes.sql(`select * from ${table}`)).toEqual([]);
    await raise(node, counterId, 1);
    const grown = await sealed(node);
    expect([old.origin, old.size, grown.size]).toEqual([grown.origin, 301, 302]);
  });
});
