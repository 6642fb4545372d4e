import type { ErrorKind } from '@leftfold/core';

/** The only place that maps a kind of refusal to an HTTP status. */
export const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  gone: 410,
  'broken-rule': 409,
  'version-conflict': 412,
  unprocessable: 422,
  throttled: 429,
  unavailable: 503,
};
