import { createHash } from 'node:crypto';

/** Bytes of a hash: SHA-256. */
export const HASH_SIZE = 32;

const LEAF = Buffer.of(0x00);
const NODE = Buffer.of(0x01);

export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Hash of a leaf. Source: RFC 9162, 2.1.1. */
export function leafHash(record: Uint8Array): Buffer {
  return sha256(LEAF, record);
}

/** Hash of a node with two children. Source: RFC 9162, 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right);
}

/** Root of the tree without leaves. */
export const EMPTY_ROOT = sha256();
