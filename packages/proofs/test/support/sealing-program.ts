import 'reflect-metadata';
import { EntityManager } from 'typeorm';
import { bootKernel } from '../../../core/test/counters/counter-node.js';
import { onReaching } from '../../../core/test/faults/support/kill-points.js';
import { ProofsModule, Sealed } from '../../src/index.js';
import { CheckpointFile } from '../../src/sealing/checkpoint-memory.js';
import { ProofTileEntity, ProofTreeEntity } from '../../src/stored/proof-tables.js';
import type { SealingKillPoint } from './sealing-kill-points.js';

// sealing-program.js <log's URL> <read models' URL> <key> <memory> <position> <kill point>
// It seals the log, and kills itself at the point; at the latest when a checkpoint covers the position, it ends.
const [url, viewsUrl, key, memory, position, point] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  SealingKillPoint,
];

const PLACES: Readonly<Record<SealingKillPoint, Parameters<typeof onReaching>[0]>> = {
  'signed and remembered, before the transaction': { classes: [CheckpointFile], method: 'write', when: 'after' },
  'with the tile, before the checkpoint': {
    classes: [EntityManager],
    method: 'insert',
    when: 'after',
    counts: ([table]) => table === ProofTileEntity,
  },
  'with the checkpoint, before the commit': {
    classes: [EntityManager],
    method: 'update',
    when: 'after',
    counts: ([table]) => table === ProofTreeEntity,
  },
  'after the commit': {
    classes: [Sealed],
    method: 'reached',
    when: 'before',
    // It is also told what was sealed before.
    counts: ([size]) => size === Number(position),
  },
};
onReaching(PLACES[point], () => process.kill(process.pid, 'SIGKILL'));

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const database = { kind, url, viewsUrl, folder: '', drop: async () => undefined } as const;
const sealing = ProofsModule.forRoot({ keys: [key], memory, interval: 10 });
const node = await bootKernel(database, { leaseTtl: 300 }, { imports: [sealing] });
await node.get(Sealed).waitFor(Number(position), 20_000);
await node.close();
