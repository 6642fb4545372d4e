import type { Origin } from '@leftfold/core';
import type { FastifyRequest } from 'fastify';
import { v5 as uuidv5, validate } from 'uuid';
import { ValidationFailedError } from '../problems/validation-failed.error.js';
import type { Fingerprints } from './fingerprints.js';

/** Separates ids made from idempotency keys from all others. */
const NAMESPACE = '6f0d3f3e-5f0b-4c0e-9d55-1f0a1a6c7c11';
const KEY = /^[\x20-\x7e]{1,255}$/;

const PARAMETER = /:([A-Za-z]\w*)/g;

type Request = Pick<FastifyRequest, 'headers' | 'caller' | 'ip' | 'method' | 'params' | 'query' | 'body'> & {
  readonly routeOptions: { readonly url?: string };
};

/**
 * The command id of a request with an `Idempotency-Key`. A key belongs to one caller (without sign-in, to the caller's
 * address), one method and one resource: the route with its decoded parameters, in any encoding of the path.
 * @param ttl how long the key is kept, in ms
 * @throws ValidationFailedError
 */
export function idempotencyOf(
  request: Request,
  ttl: number,
  fingerprints: Fingerprints,
): Pick<Origin, 'commandId' | 'fingerprint' | 'earlierFingerprints' | 'keepFor'> {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return {};
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw ValidationFailedError.ofField('Idempotency-Key', 'Idempotency-Key must be 1 to 255 printable characters.');
  }
  const caller = request.caller ? `user ${request.caller.userId}` : `address ${request.ip}`;
  const scope = [caller, request.method, resourceOf(request), key].join('\n');
  return { commandId: uuidv5(scope, NAMESPACE), ...fingerprints.of(request), keepFor: ttl };
}

/** The normalized path of this route with these parameters. */
function resourceOf({ routeOptions, params }: Request): string {
  if (routeOptions.url === undefined) throw new Error('A request without a route has no resource.');
  const values = params as Readonly<Record<string, string>>;
  return routeOptions.url.replace(PARAMETER, (_all, name: string) =>
    encodeURIComponent(normalized(values[name] ?? '')),
  );
}

/** UUIDs are compared without case (see UuidParam); other names are not, but in one Unicode form. */
function normalized(value: string): string {
  return validate(value) ? value.toLowerCase() : value.normalize('NFC');
}
