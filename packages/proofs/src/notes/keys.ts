import { randomBytes, type KeyObject } from 'node:crypto';
import { sha256 } from '../tree/hashes.js';
import { fromBase64, toBase64 } from './base64.js';
import { KEY_SIZE, privateKeyOf, publicBytesOf, publicKeyOf } from './ed25519.js';
import { isKeyName } from './note.js';

/** `log`: the text of a note. `witness`: a checkpoint, with the time (cosignature/v1). */
export type KeyPurpose = 'log' | 'witness';

/** Source: C2SP signed-note, signature types. */
const PURPOSES: Readonly<Record<KeyPurpose, number>> = { log: 0x01, witness: 0x04 };

/** A key for signing. Its text is a secret. */
export interface SigningKey {
  readonly name: string;
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  readonly privateKey: KeyObject;
  /** The public key as a text, for those who verify. */
  readonly verifier: string;
}

/** A key for verifying. */
export interface VerifierKey {
  readonly name: string;
  /** 8 hex digits. */
  readonly keyId: string;
  readonly purpose: KeyPurpose;
  readonly publicKey: KeyObject;
}

/** A text is no key. The message never repeats it. */
export class MalformedKeyError extends Error {
  constructor(what: 'private' | 'public') {
    super(
      what === 'private'
        ? 'This is no private key for proofs. It has the form PRIVATE+KEY+<name>+<id>+<key>; make one with "leftfold proofs key new".'
        : 'This is no public key for proofs. It has the form <name>+<id>+<key>; "leftfold proofs key new" prints it.',
    );
    this.name = 'MalformedKeyError';
  }
}

const PREFIX = 'PRIVATE+KEY+';

/**
 * Makes a key. @returns its text, a secret
 * @throws RangeError when the name is empty or has blanks or a plus
 */
export function newSigningKey(name: string, purpose: KeyPurpose = 'log'): string {
  if (!isKeyName(name))
    throw new RangeError('The name of a key has no blanks and no plus; use one such as log.example.org.');
  const seed = randomBytes(KEY_SIZE);
  const keyId = keyIdOf(name, purpose, publicBytesOf(privateKeyOf(seed)));
  return `${PREFIX}${name}+${keyId}+${typed(purpose, seed)}`;
}

/**
 * Reads a private key.
 * @throws MalformedKeyError
 */
export function parseSigningKey(text: string): SigningKey {
  if (!text.startsWith(PREFIX)) throw new MalformedKeyError('private');
  const { name, keyId, purpose, bytes } = parts(text.slice(PREFIX.length), 'private');
  const privateKey = privateKeyOf(bytes);
  const publicBytes = publicBytesOf(privateKey);
  if (keyId !== keyIdOf(name, purpose, publicBytes)) throw new MalformedKeyError('private');
  return { name, keyId, purpose, privateKey, verifier: `${name}+${keyId}+${typed(purpose, publicBytes)}` };
}

/**
 * Reads a public key.
 * @throws MalformedKeyError
 */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, keyId, purpose, bytes } = parts(text, 'public');
  if (keyId !== keyIdOf(name, purpose, bytes)) throw new MalformedKeyError('public');
  return { name, keyId, purpose, publicKey: publicKeyOf(bytes) };
}

function parts(text: string, what: 'private' | 'public') {
  const [name = '', keyId = '', ...key] = text.split('+');
  const bytes = fromBase64(key.join('+'));
  const purpose = Object.entries(PURPOSES).find(([, type]) => type === bytes?.[0])?.[0] as KeyPurpose | undefined;
  if (!isKeyName(name) || bytes?.length !== KEY_SIZE + 1 || !purpose) throw new MalformedKeyError(what);
  return { name, keyId, purpose, bytes: bytes.subarray(1) };
}

function typed(purpose: KeyPurpose, bytes: Buffer): string {
  return toBase64(Buffer.concat([Buffer.of(PURPOSES[purpose]), bytes]));
}

function keyIdOf(name: string, purpose: KeyPurpose, publicBytes: Buffer): string {
  return sha256(name, '\n', Buffer.of(PURPOSES[purpose]), publicBytes).toString('hex', 0, 4);
}
