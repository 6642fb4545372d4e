import type { Refusal } from '../problems/problem.js';
import { refusalFor } from '../problems/refusals.js';
import { ShuttingDownError } from '../problems/shutting-down.error.js';
import { ValidationFailedError } from '../problems/validation-failed.error.js';

const HEADERS_TOO_LARGE: Refusal = {
  code: 'headers-too-large',
  status: 431,
  detail: 'The path and the headers are larger than 16 KiB together.',
};
const REQUEST_TIMEOUT: Refusal = {
  code: 'request-timeout',
  status: 408,
  detail: 'The request took too long to arrive and was not processed. Send it again.',
};

export const EXPECTATION_FAILED: Refusal = {
  code: 'expectation-failed',
  status: 417,
  detail: 'The only value that Expect may have is 100-continue.',
};

export const NO_TUNNELS: Refusal = {
  code: 'route-not-found',
  status: 404,
  detail: 'This server is not a proxy and does not support CONNECT.',
};

export const TOO_MANY_CONNECTIONS: Refusal = {
  code: 'too-many-requests',
  status: 429,
  detail: 'Too many connections are open from this address. Close some, or use those that are open.',
  retryAfter: 1,
};

export const WITHOUT_HOST = invalid('Host', 'An HTTP/1.1 request must have the header Host.');
export const SHUTTING_DOWN = refusalOf(new ShuttingDownError());

/** Refusals of requests that Node could not read, by the code of Node's error. */
export function unreadable(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return REQUEST_TIMEOUT;
  return invalid('request', 'This is not an HTTP request.');
}

function invalid(field: string, message: string): Refusal {
  return refusalOf(ValidationFailedError.ofField(field, message));
}

function refusalOf(error: Error): Refusal {
  const refusal = refusalFor(error);
  if (!refusal) throw new Error('An expected error has no refusal.', { cause: error });
  return refusal;
}
