import { createSecretKey, type KeyObject } from 'node:crypto';

const made = new WeakMap<Buffer, KeyObject>();

/** The key of these bytes, made once. Given bytes, Node.js makes one for each call, which takes longer than to use it. */
export function secretKeyOf(bytes: Buffer): KeyObject {
  let key = made.get(bytes);
  if (!key) made.set(bytes, (key = createSecretKey(bytes)));
  return key;
}
