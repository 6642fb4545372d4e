import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogSeal } from '@leftfold/core';
import {
  ForgettingCertificates,
  formatProof,
  parseCheckpoint,
  parseSigningKey,
  parseVerifierKey,
  Proofs,
  ProofsModule,
  Sealed,
  type SignedCheckpoint,
  verifyCertificate,
  verifyProof,
} from '../src/index.js';
import { CreateCertificates1750004010000 } from '../src/stored/migrations/events/1750004010000-create-certificates.js';
import { CreateProofs1750004000000 } from '../src/stored/migrations/events/1750004000000-create-proofs.js';
import { isConsistent } from '../src/tree/verify.js';
import type { MigrationClass } from '../../core/src/databases/schema.js';
import { parseDatabaseUrl } from '../../core/src/databases/database-url.js';
import { openDatabase } from '../../core/src/databases/open-database.js';
import { logSchema } from '../../core/src/module/schemas.js';
import type { CounterNode } from '../../core/test/counters/counter-node.js';
import { CounterNodes, open, raise } from '../../core/test/counters/counter-nodes.js';
import { DATABASE_KINDS } from '../../core/test/support/databases.js';
import type { Row } from '../../core/test/support/stored-rows.js';

/** The key that signed what is in `dumps/`. */
const KEY = 'PRIVATE+KEY+log.example+8c70ec27+AZ52XyM8clvQBezORccwg4Z4UFTiu2atcwUxwjUZevE9';
const KEYS = [parseVerifierKey(parseSigningKey(KEY).verifier)];
const CERTIFICATES = 'leftfold_forgetting_certificates';
const COSIGNATURES = 'leftfold_proof_cosignatures';
const TREE = ['leftfold_proof_tree', 'leftfold_proof_tiles'];
/** Full tiles have 256 leaves. */
const SIZE = 257;

const dump = (name: string): Promise<string> => readFile(join(import.meta.dirname, 'dumps', name), 'utf8');

/** The events that the dump leaves out. */
function moves(first: number): string {
  const rows = Array.from({ length: SIZE - first + 1 }, (_, n) => {
    const id = `00000000-0000-7000-8000-${String(first + n).padStart(12, '0')}`;
    return `(${first + n}, 'parcel-1', ${n + 1}, '${id}', 'parcels.parcel-moved', 1, '{"step":${n}}', '{}', 'ann', 'one-move',
             ${1764000000000 + n}, 0)`;
  });
  return `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
            correlation_id, recorded_at, partition) values ${rows.join(', ')}`;
}

describe.each(DATABASE_KINDS)('the tables of proofs on %s', (kind) => {
  let nodes: CounterNodes;
  let memory: string;

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
    memory = join(nodes.database.folder, 'last-checkpoint');
  });

  afterEach(() => nodes.drop());

  const startSealing = (): Promise<CounterNode> =>
    nodes.start({}, { imports: [ProofsModule.forRoot({ keys: [KEY], memory, interval: 10 })] });

  async function sealed(node: CounterNode): Promise<SignedCheckpoint> {
    const head = await node.log.head();
    expect(await node.get(Sealed).waitFor(head, 20_000)).toBe(true);
    const checkpoint = (await node.get(Proofs).checkpoint())!;
    expect(checkpoint.size).toBe(head);
    expect(await node.get(LogSeal).verify({ most: 1, signal: undefined })).toMatchObject({ sealed: head, found: 0 });
    return checkpoint;
  }

  /** The rows of a version whose last migration of proofs is the last one of these. */
  async function store(migrations: readonly MigrationClass[]): Promise<void> {
    const schema = logSchema([{ migrations: { events: migrations } }]);
    await (await openDatabase('events', parseDatabaseUrl(nodes.database.url), schema)).close();
    const statements = (await dump('sealed-log.sql')).split(/;\n/).filter((sql) => sql !== '');
    const hasCertificates = migrations.includes(CreateCertificates1750004010000);
    for (const sql of statements) if (hasCertificates || !sql.includes(CERTIFICATES)) await nodes.sql(sql);
    await nodes.sql(moves(3));
  }

  async function rowsOf(tables: readonly string[]): Promise<Row[][]> {
    return Promise.all(tables.map((table) => nodes.sql(`select * from ${table}`)));
  }

  it('are made in a log that has events, which are sealed from the first one on', async () => {
    const before = await nodes.start();
    const counterId = await open(before);
    await raise(before, counterId, 1);
    await nodes.stop(before);
    await expect(rowsOf(TREE)).rejects.toThrow(/leftfold_proof_t/);

    expect((await sealed(await startSealing())).size).toBe(2);
  });

  /** What was stored stays, and sealing goes on from it. */
  async function expectKept(migrations: readonly MigrationClass[], tables: readonly string[]): Promise<CounterNode> {
    await store(migrations);
    const was = await rowsOf(tables);
    const note = String(was[0]![0]!.checkpoint);
    const old = parseCheckpoint(note);
    await writeFile(memory, note);

    const node = await startSealing();

    expect(await sealed(node)).toEqual(old);
    expect(await rowsOf(tables)).toEqual(was);
    await open(node);
    const grown = await sealed(node);
    const { proof } = await node.get(Proofs).consistency(old.size, grown.size);
    expect([grown.origin, grown.size, isConsistent(proof, old, grown)]).toEqual([old.origin, SIZE + 1, true]);
    return node;
  }

  it('are kept by a log of the version before certificates, and the tree grows', async () => {
    await expectKept([CreateProofs1750004000000], TREE);

    expect(await rowsOf([CERTIFICATES, COSIGNATURES])).toEqual([[], []]);
  });

  it('are kept by a log of the version before cosignatures, and what it has proved and certified holds', async () => {
    const older = [CreateProofs1750004000000, CreateCertificates1750004010000];
    const node = await expectKept(older, [...TREE, CERTIFICATES]);

    expect(await rowsOf([COSIGNATURES])).toEqual([[]]);
    const { event } = verifyProof(await dump('event-2.tlog-proof'), { keys: KEYS });
    const proof = formatProof(await node.get(Proofs).prove(event.eventId));
    expect(verifyProof(proof, { keys: KEYS })).toMatchObject({ event, size: SIZE + 1 });
    const [row] = await nodes.sql(`select subject, certificate from ${CERTIFICATES}`);
    const certificate = JSON.stringify(await node.get(ForgettingCertificates).of(String(row!.subject), null, 0));
    expect(certificate).toBe(row!.certificate);
    expect(verifyCertificate(certificate, { keys: KEYS }).certificate).toMatchObject({ position: event.position });
  });
});
