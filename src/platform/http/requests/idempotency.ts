import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import type { Origin } from '../../../event-sourcing/index.js';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { canonicalJson } from './canonical-json.js';
import { pathOf } from './path.js';

/** Separates ids made from idempotency keys from all others. */
const NAMESPACE = '6f0d3f3e-5f0b-4c0e-9d55-1f0a1a6c7c11';
const KEY = /^[\x20-\x7e]{1,255}$/;
/** What is not compared when a key comes again: it must not be kept, not even as a hash. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['password', 'currentPassword', 'newPassword', 'token']);

/**
 * The command id that a request's `Idempotency-Key` stands for. A key belongs to one caller (whoever has not signed in is
 * known by address), one method and one path.
 * @param ttl how long the key is kept, in ms
 * @throws ValidationFailedError
 */
export function idempotencyOf(
  request: FastifyRequest,
  ttl: number,
): Pick<Origin, 'commandId' | 'fingerprint' | 'keepFor'> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return {};
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw ValidationFailedError.ofField('Idempotency-Key', 'Idempotency-Key must be 1 to 255 printable characters.');
  }
  const caller = request.caller ? `user ${request.caller.userId}` : `address ${request.ip}`;
  const scope = [caller, request.method, pathOf(request.url).toLowerCase(), key].join('\n');
  const fingerprint = createHash('sha256')
    .update(canonicalJson(request.body ?? null, SECRET_FIELDS))
    .digest('base64url');
  return { commandId: uuidv5(scope, NAMESPACE), fingerprint, keepFor: ttl };
}
