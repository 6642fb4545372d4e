import { checkpointText, parseCheckpoint } from './checkpoint.js';
import { MalformedKeyError, newSigningKey, parseSigningKey, parseVerifierKey } from './keys.js';
import { formatNote, MalformedNoteError, parseNote } from './note.js';
import { formatProof, parseProof } from './proof-file.js';
import { signNote, UnverifiedNoteError, verifyNote } from './signing.js';

/** Of the tests of Go's `sumdb/note`. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.
`;
const PETER_SIGNATURE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_SIGNATURE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const NOTE = `${TEXT}\n${PETER_SIGNATURE}${ENOCH_SIGNATURE}`;

/** Of C2SP signed-note. */
const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const FOO_NOTE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

const namesIn = (note: string, ...keys: string[]): string[] =>
  verifyNote(
    parseNote(note),
    keys.map((key) => parseVerifierKey(key)),
  ).map(({ key }) => key.name);

describe('the known notes', () => {
  it('are signed as Go signs them', () => {
    const key = parseSigningKey(PETER_SECRET);
    expect(key.verifier).toBe(PETER);
    expect(formatNote({ text: TEXT, signatures: [signNote(TEXT, key)] })).toBe(`${TEXT}\n${PETER_SIGNATURE}`);
  });

  it('are verified by the known keys', () => {
    expect(namesIn(NOTE, PETER)).toEqual(['PeterNeumann']);
    expect(namesIn(NOTE, PETER, ENOCH)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(namesIn(NOTE, ENOCH, FOO)).toEqual(['EnochRoot']);
    expect(namesIn(FOO_NOTE, FOO)).toEqual(['example.com/foo']);
    expect(() => namesIn(NOTE, FOO)).toThrow('None of the known keys has signed it.');
  });

  it('are refused with any other character in the text or in a known signature', () => {
    const last = NOTE.length - ENOCH_SIGNATURE.length;
    for (let at = 0; at < last; at++) {
      const other = NOTE[at] === 'x' ? 'y' : 'x';
      expect(() => namesIn(NOTE.slice(0, at) + other + NOTE.slice(at + 1), PETER)).toThrow(Error);
    }
  });

  it.each([
    '',
    TEXT,
    TEXT + PETER_SIGNATURE,
    `${TEXT}\n`,
    `${TEXT}\n${PETER_SIGNATURE}`.slice(0, -1),
    `${TEXT}\n${PETER_SIGNATURE}junk\n`,
    `${TEXT}\n${PETER_SIGNATURE} \n`,
    `${TEXT}\n${PETER_SIGNATURE.replace('—', '-')}`,
    `${TEXT}\n${PETER_SIGNATURE.replace('— ', '—  ')}`,
    `${TEXT}\n${PETER_SIGNATURE.replace('PeterNeumann', 'Peter+Neumann')}`,
    `${TEXT}\n${PETER_SIGNATURE.replace('=\n', '\n')}`,
    `${TEXT}\n— PeterNeumann x08gow==\n`,
    `a\u0001b\n\n${PETER_SIGNATURE}`,
    `a\tb\n\n${PETER_SIGNATURE}`,
  ])('%j is no note', (note) => {
    expect(() => parseNote(note)).toThrow(MalformedNoteError);
  });

  it('refuses more signatures than a reader should check', () => {
    expect(() => parseNote(`${TEXT}\n${PETER_SIGNATURE.repeat(101)}`)).toThrow('it has more than 100 signatures');
    expect(namesIn(`${TEXT}\n${PETER_SIGNATURE.repeat(100)}`, PETER)).toHaveLength(100);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(NOTE)]))).toThrow('it is no UTF-8');
  });
});

describe('keys', () => {
  it('are refused when a part or a character is another one', () => {
    for (const [key, parse] of [
      [PETER, parseVerifierKey],
      [PETER_SECRET, parseSigningKey],
    ] as const) {
      for (let at = 0; at < key.length; at++) {
        const other = String.fromCharCode(key.charCodeAt(at) + 1);
        expect(() => parse(key.slice(0, at) + other + key.slice(at + 1))).toThrow(MalformedKeyError);
        expect(() => parse(key.slice(0, at))).toThrow(MalformedKeyError);
        expect(() => parse(key.slice(at + 1))).toThrow(MalformedKeyError);
      }
    }
  });

  it.each([
    'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ])('%s is of a wrong length or an unknown kind', (key) => {
    expect(() => parseVerifierKey(key)).toThrow(MalformedKeyError);
  });

  it('never show themselves in an error', () => {
    expect(() => parseSigningKey(`${PETER_SECRET}x`)).not.toThrow(PETER_SECRET);
  });

  it.each(['', 'two words', 'a+b'])('can not have the name %j', (name) => {
    expect(() => newSigningKey(name)).toThrow('The name of a key has no blanks and no plus');
  });

  it('are new each time, and fit to what they sign', () => {
    const [one, other] = [newSigningKey('log'), newSigningKey('log')].map((key) => parseSigningKey(key));
    expect(one!.keyId).not.toBe(other!.keyId);
    const note = formatNote({ text: TEXT, signatures: [signNote(TEXT, one!), signNote(TEXT, other!)] });
    expect(namesIn(note, one!.verifier, other!.verifier)).toEqual(['log', 'log']);
  });
});

/** Of C2SP tlog-checkpoint. */
const CHECKPOINT = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;

describe('a checkpoint', () => {
  it('has an origin, a size and a root', () => {
    const checkpoint = parseCheckpoint(CHECKPOINT);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(checkpoint)).toBe(checkpoint.note.text);
    expect(formatNote(checkpoint.note)).toBe(CHECKPOINT);
  });

  it.each([
    ['no size', ['20852163\n', '']],
    ['a size with a zero before it', ['20852163', '020852163']],
    ['a size in hex', ['20852163', '0x852163']],
    ['a size that no number holds', ['20852163', '99999999999999999999']],
    ['a root of another length', ['2I=', '2I2I']],
    ['no origin', ['example.com/behind-the-sofa\n2', '\n2']],
    ['an empty line', ['q2I=\n', 'q2I=\n\nmore\n']],
    ['a root that is not that of the empty tree', ['20852163', '0']],
  ])('is refused with %s', (_what, [from, to]) => {
    expect(() => parseCheckpoint(CHECKPOINT.replace(from!, to!))).toThrow(MalformedNoteError);
  });

  it('is signed by the old and by the new key while keys are exchanged', () => {
    const keys = [newSigningKey('log'), newSigningKey('log')].map((key) => parseSigningKey(key));
    const { note } = parseCheckpoint(CHECKPOINT);
    const signed = formatNote({ text: note.text, signatures: keys.map((key) => signNote(note.text, key)) });
    for (const { verifier } of keys) expect(namesIn(signed, verifier)).toEqual(['log']);
  });
});

describe('a cosignature', () => {
  const witness = parseSigningKey(newSigningKey('witness.example.com/w1', 'witness'));
  const { note } = parseCheckpoint(CHECKPOINT);
  const signature = signNote(note.text, witness, 1_679_315_147);
  const verify = (signatures = [signature], text = note.text) =>
    verifyNote({ text, signatures }, [parseVerifierKey(witness.verifier)]);

  it('tells when the witness saw the checkpoint', () => {
    expect(signature.signature.toString('hex', 0, 8)).toBe('00000000641850cb');
    expect(verify()).toMatchObject([{ time: 1_679_315_147, key: { name: 'witness.example.com/w1' } }]);
  });

  it.each([
    ['another time', 7],
    ['another signature', 8],
    ['another end', 71],
  ])('is refused with %s', (_what, byte) => {
    const broken = Buffer.from(signature.signature);
    broken[byte]! ^= 1;
    expect(() => verify([{ ...signature, signature: broken }])).toThrow(UnverifiedNoteError);
    expect(() => verify([signature], note.text.replace('2085', '2086'))).toThrow(UnverifiedNoteError);
    expect(() => verify([{ ...signature, signature: signature.signature.subarray(8) }])).toThrow(UnverifiedNoteError);
  });
});

describe('a proof file', () => {
  const hash = Buffer.alloc(32, 7);
  const checkpoint = parseCheckpoint(CHECKPOINT);

  it.each([
    ['with hashes and more', { extra: Buffer.from('more'), index: 73_894, proof: [hash, hash], checkpoint }],
    ['of the only leaf', { extra: undefined, index: 0, proof: [], checkpoint }],
  ])('%s is read as it was written', (_what, proof) => {
    expect(parseProof(formatProof(proof))).toEqual(proof);
  });

  it('is written as the specification says', () => {
    const proof = { extra: Buffer.from('x'), index: 5, proof: [hash], checkpoint };
    expect(formatProof(proof)).toBe(
      `c2sp.org/tlog-proof@v1\nextra eA==\nindex 5\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n${CHECKPOINT}`,
    );
  });

  it.each([
    ['another header', ['@v1', '@v2']],
    ['no index', ['index 5\n', '']],
    ['an index with a zero before it', ['index 5', 'index 05']],
    ['a negative index', ['index 5', 'index -5']],
    ['a hash of another length', ['BwcHBw', 'Bwc']],
    ['extra that is no base64', ['eA==', 'eA=']],
    ['no empty line', ['\n\nexample', '\nexample']],
  ])('is refused with %s', (_what, [from, to]) => {
    const text = formatProof({ extra: Buffer.from('x'), index: 5, proof: [hash], checkpoint });
    expect(() => parseProof(text.replace(from!, to!))).toThrow(MalformedNoteError);
  });
});
