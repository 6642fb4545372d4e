import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { randomBytesOf } from '../random-bytes.js';
import { secretKeyOf } from '../secret-key.js';

/** AES-256-GCM. */
const ALGORITHM = 'aes-256-gcm';
/** Sizes in bytes. */
export const KEY_SIZE = 32;
const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/**
 * Encrypts a text with AES-256-GCM: base64 of a random nonce of 96 bits, the ciphertext and the tag of 128 bits.
 * @param bound the associated data: what the text belongs to. It can be decrypted only with the same
 */
export function encrypt(key: Buffer, text: string | Buffer, bound: string): string {
  const nonce = randomBytesOf(NONCE_SIZE);
  const cipher = createCipheriv(ALGORITHM, secretKeyOf(key), nonce).setAAD(Buffer.from(bound));
  const body = Buffer.concat([cipher.update(Buffer.from(text)), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
}

/** @throws Error when the key is another one, or the text or what it belongs to was changed */
export function decrypt(key: Buffer, encrypted: string, bound: string): Buffer {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < NONCE_SIZE + TAG_SIZE) throw new Error('it is too short.');
  const decipher = createDecipheriv(ALGORITHM, secretKeyOf(key), bytes.subarray(0, NONCE_SIZE), {
    authTagLength: TAG_SIZE,
  });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(bytes.subarray(-TAG_SIZE));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_SIZE, -TAG_SIZE)), decipher.final()]);
  } catch {
    throw new Error('it was encrypted with another key, or it was changed.');
  }
}

/** What an encrypted field belongs to: its event and its path. */
export function fieldOf(eventId: string, path: string): string {
  return `${eventId}\n${path}`;
}

/** Of single keys, which most copies have. It costs as much as to decrypt. */
const derived = new WeakMap<Buffer, Buffer>();

/** A key that can't be made without all of these keys. */
export function jointKey(keys: readonly Buffer[]): Buffer {
  const [only] = keys;
  if (!only || keys.length > 1) return derive(Buffer.concat(keys));
  let key = derived.get(only);
  if (!key) derived.set(only, (key = derive(only)));
  return key;
}

function derive(bytes: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, Buffer.alloc(0), 'leftfold copy', KEY_SIZE));
}

export function newKey(): Buffer {
  return randomBytes(KEY_SIZE);
}

/** A name for a key that tells nothing of it. */
export function fingerprintOf(key: Buffer): string {
  return createHash('sha256').update('leftfold master key').update(key).digest('hex').slice(0, 16);
}
