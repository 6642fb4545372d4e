import { toBase64 } from '../notes/base64.js';
import { checkpointText, parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { newSigningKey, parseSigningKey, parseVerifierKey, type SigningKey } from '../notes/keys.js';
import { formatNote, MalformedNoteError } from '../notes/note.js';
import { formatProof } from '../notes/proof-file.js';
import { signNote, UnverifiedNoteError } from '../notes/signing.js';
import { type ProvedEvent, provedRecord } from '../proving/proved-event.js';
import { encodeRecord } from '../records/record.js';
import { GrowingTree } from '../tree/growing-tree.js';
import { leafHash } from '../tree/hashes.js';
import { proveConsistency, proveInclusion } from '../tree/prove.js';
import { hashesFromTiles } from '../tree/tile-hashes.js';
import { InvalidProofError } from '../verifying/signers.js';
import {
  CERTIFICATE_FORMAT,
  type CertificateFacts,
  type ForgettingCertificate,
  signCertificate,
} from './certificate.js';
import { ProofCertificateCheck } from './proof-certificate-check.js';
import { verifyCertificate } from './verify-certificate.js';

const ORIGIN = 'leftfold/test';
const LOG = parseSigningKey(newSigningKey('log.example'));
const OTHER = parseSigningKey(newSigningKey('other.example'));
const WITNESS = parseSigningKey(newSigningKey('witness.example', 'witness'));
const KEYS = [parseVerifierKey(LOG.verifier)];
const [BEFORE, POSITION, AFTER] = [3, 5, 7];

const event = (position: number): ProvedEvent => ({
  position,
  stream: 'user-ann',
  version: position,
  eventId: `01890a5d-ac96-774b-bcce-b302099a80${position}0`,
  type: position === POSITION ? 'users.user-forgotten' : 'users.user-registered',
  schemaVersion: 1,
  recordedAt: new Date(1_700_000_000_000 + position).toISOString(),
  actor: 'ann',
  correlationId: 'c',
  data: '{"userId":"ann"}',
  metadata: '{}',
});
const leaf = (position: number): Buffer => leafHash(encodeRecord(provedRecord(event(position))));
const leaves = (size: number): Buffer[] => Array.from({ length: size }, (_, index) => leaf(index + 1));
/** Small trees have one tile. */
const hashes = (size: number) =>
  hashesFromTiles(size, async (tiles) => tiles.map(({ width }) => Buffer.concat(leaves(width))));

function checkpoint(size: number, key: SigningKey = LOG, changed = 0, origin = ORIGIN): SignedCheckpoint {
  const tree = new GrowingTree();
  leaves(size).forEach((hash, index) => tree.add(index + 1 === changed ? leaf(99) : hash));
  const text = checkpointText({ origin, size, root: tree.root });
  return parseCheckpoint(formatNote({ text, signatures: [signNote(text, key)] }));
}

async function proofOf(position: number, key: SigningKey = LOG, origin = ORIGIN): Promise<string> {
  const index = position - 1;
  const proof = await proveInclusion(index, AFTER, hashes(AFTER));
  const extra = Buffer.from(JSON.stringify(event(position)));
  return formatProof({ extra, index, proof, checkpoint: checkpoint(AFTER, key, 0, origin) });
}

async function facts(changes: Partial<CertificateFacts> = {}): Promise<CertificateFacts> {
  const { eventId, position, recordedAt } = event(POSITION);
  return {
    format: CERTIFICATE_FORMAT,
    subject: 'ann',
    eventId,
    position,
    forgottenAt: recordedAt,
    fields: { 'users.user-registered': ['email', 'username'] },
    events: { count: 2, first: 1, last: 4 },
    origin: ORIGIN,
    before: formatNote(checkpoint(BEFORE).note),
    consistency: (await proveConsistency(BEFORE, AFTER, hashes(AFTER))).map(toBase64),
    proof: await proofOf(POSITION),
    ...changes,
  };
}

const certificate = async (changes: Partial<CertificateFacts> = {}, key: SigningKey = LOG) =>
  signCertificate(await facts(changes), [key]);
const verify = (each: object, keys = KEYS, origin?: string) =>
  verifyCertificate(JSON.stringify(each), { keys, origin });

describe('a certificate of forgetting', () => {
  it('is verified with the public key alone', async () => {
    expect(verify(await certificate(), KEYS, ORIGIN)).toMatchObject({
      before: BEFORE,
      size: AFTER,
      signedBy: [`${LOG.name}+${LOG.keyId}`],
    });
  });

  it('is the same for the same facts, and valid with its members in another order', async () => {
    const one = await certificate();
    expect(await certificate()).toEqual(one);
    expect(verify(Object.fromEntries(Object.entries(one).toReversed())).size).toBe(AFTER);
  });

  it('is valid without a checkpoint before', async () => {
    expect(verify(await certificate({ before: null, consistency: [] })).before).toBeUndefined();
  });

  it('is valid with the checkpoint before signed by the former key, for those who know both keys', async () => {
    const changed = await certificate({ before: formatNote(checkpoint(BEFORE, OTHER).note) });
    expect(verify(changed, [...KEYS, parseVerifierKey(OTHER.verifier)]).before).toBe(BEFORE);
    expect(() => verify(changed)).toThrow(UnverifiedNoteError);
  });

  it.each<[string, Partial<ForgettingCertificate>]>([
    ['subject', { subject: 'bob' }],
    ['eventId', { eventId: event(4).eventId }],
    ['position', { position: 4 }],
    ['forgottenAt', { forgottenAt: event(4).recordedAt }],
    ['fields', { fields: { 'users.user-registered': ['email'] } }],
    ['events', { events: { count: 3, first: 1, last: 4 } }],
    ['origin', { origin: 'leftfold/other' }],
    ['before', { before: null }],
    ['consistency', { consistency: [] }],
    ['a new member', { note: 'x' } as object],
  ])('is refused when somebody changes %s', async (_, changes) => {
    const changed = { ...(await certificate()), ...changes };
    expect(() => verify(changed)).toThrow(UnverifiedNoteError);
  });

  it('is refused when somebody changes its proof', async () => {
    const changed = { ...(await certificate()), proof: await proofOf(4) };
    expect(() => verify(changed)).toThrow(UnverifiedNoteError);
  });

  it.each<[string, () => Promise<Partial<CertificateFacts>>, RegExp]>([
    ['another event', async () => ({ proof: await proofOf(4) }), /not the one that the certificate names/],
    ['another log', async () => ({ proof: await proofOf(POSITION, LOG, 'x') }), /of another log/],
    ['another time', async () => ({ forgottenAt: event(4).recordedAt }), /not the one that the certificate names/],
    [
      'a checkpoint before of another history',
      async () => ({ before: formatNote(checkpoint(BEFORE, LOG, 2).note) }),
      /not the beginning of the later one/,
    ],
    [
      'a checkpoint before of another log',
      async () => ({ before: formatNote(checkpoint(BEFORE, LOG, 0, 'x').note) }),
      /not the beginning of the later one/,
    ],
    ['no consistency', async () => ({ consistency: [] }), /not the beginning of the later one/],
    ['a hash that is none', async () => ({ consistency: ['?'] }), /not the beginning of the later one/],
    [
      'a checkpoint before that is later',
      async () => ({ before: formatNote(checkpoint(POSITION).note) }),
      /already covers the event/,
    ],
    ['no proof', async () => ({ proof: null }), /not signed/],
  ])('is refused when the log itself certifies with %s', async (_, changes, sentence) => {
    const certified = await certificate(await changes());
    expect(() => verify(certified)).toThrow(InvalidProofError);
    expect(() => verify(certified)).toThrow(sentence);
  });

  it('is refused when no known key, or only a witness, has signed', async () => {
    const known = [...KEYS, parseVerifierKey(WITNESS.verifier)];
    const certifiedBy = async (key: SigningKey) => certificate({}, key);
    const [other, witness] = [await certifiedBy(OTHER), await certifiedBy(WITNESS)];
    expect(() => verify(other)).toThrow(UnverifiedNoteError);
    expect(() => verify(witness, known)).toThrow(/Only witnesses have signed/);
    expect(() => verify({ ...other, signatures: [] })).toThrow(/not signed/);
  });

  it('is refused for another origin than the asked one', async () => {
    const certified = await certificate();
    expect(() => verify(certified, KEYS, 'leftfold/other')).toThrow(/of another log/);
  });

  it('is refused when it is no certificate', async () => {
    const whole = await certificate();
    expect(() => verifyCertificate('{', { keys: KEYS })).toThrow(MalformedNoteError);
    expect(() => verify([])).toThrow(MalformedNoteError);
    for (const name of Object.keys(whole)) {
      const { [name as keyof ForgettingCertificate]: _, ...rest } = whole;
      expect(() => verify(rest)).toThrow(`its member "${name}" is missing or wrong`);
    }
    expect(() => verify({ ...whole, signatures: ['x'] })).toThrow(MalformedNoteError);
  });
});

describe('a check of certificates', () => {
  const check = async (...origins: string[]) =>
    new ProofCertificateCheck([LOG.verifier], async () => origins).verify(JSON.stringify(await certificate()), {
      keys: [],
    });

  it('takes those of the log, also from before or after a new origin', async () => {
    for (const origins of [[ORIGIN], [`${ORIGIN}#2`], ['leftfold/restored', ORIGIN]]) {
      await expect(check(...origins)).resolves.toBeUndefined();
    }
  });

  it('refuses one that the same key has signed for another log', async () => {
    await expect(check('leftfold/a', 'leftfold/b')).rejects.toThrow(
      'It is of another log: its origin is leftfold/test, and this log is leftfold/a, before leftfold/b.',
    );
    await expect(check()).rejects.toThrow('and this log was never sealed.');
  });
});
