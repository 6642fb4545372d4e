import { ExpectedError, isDatabaseAway } from '@leftfold/core';
import { HttpException } from '@nestjs/common';
import { EncodedBodyError } from './encoded-body.error.js';
import { MalformedJsonError } from './malformed-json.error.js';
import type { Refusal } from './problem.js';
import { STATUS_OF } from './statuses.js';
import { ValidationFailedError } from './validation-failed.error.js';

const BODY_TOO_LARGE = { code: 'body-too-large', status: 413, detail: 'The body is larger than 100 KiB.' };
const UNSUPPORTED_MEDIA_TYPE = {
  code: 'unsupported-media-type',
  status: 415,
  detail: 'Send the body as JSON, with Content-Type: application/json.',
};
const ROUTE_NOT_FOUND = {
  code: 'route-not-found',
  status: 404,
  detail: 'There is no such route, or it does not support this method.',
};
const DATABASE_AWAY = {
  code: 'busy',
  status: STATUS_OF.unavailable,
  detail: 'The database does not answer at the moment. Try again.',
  retryAfter: 1,
};
const FORBIDDEN = { code: 'forbidden', status: 403, detail: 'You may not do this.' };

/** What a caller may know of an error; undefined for a fault of the application. */
export function refusalFor(error: unknown): Refusal | undefined {
  if (error instanceof ExpectedError) return ofExpected(error);
  // An aborted request has the code of a broken connection too, but Fastify gives it a status.
  if (isDatabaseAway(error) && !('statusCode' in (error as object))) return DATABASE_AWAY;
  // Nest wraps the errors of Fastify.
  const cause: unknown = error instanceof HttpException ? error.cause : error;
  const fromFastify = ofFastify(codeOf(cause));
  if (fromFastify) return fromFastify;
  if (error instanceof HttpException) return ofNest(error.getStatus());
  return undefined;
}

function ofExpected(error: ExpectedError): Refusal {
  const { code, kind, message: detail, retryAfter } = error;
  const wait = retryAfter ?? (kind === 'unavailable' || kind === 'throttled' ? 1 : undefined);
  return {
    code,
    status: STATUS_OF[kind],
    detail,
    ...(wait === undefined ? {} : { retryAfter: Math.max(1, Math.ceil(wait)) }),
    ...(error instanceof ValidationFailedError ? { errors: error.errors } : {}),
  };
}

function ofFastify(code: unknown): Refusal | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return BODY_TOO_LARGE;
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return UNSUPPORTED_MEDIA_TYPE;
    case EncodedBodyError.CODE:
      return { ...UNSUPPORTED_MEDIA_TYPE, detail: 'Send the body as it is, without a Content-Encoding.' };
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return ofExpected(MalformedJsonError.becauseItIsIncomplete());
    case 'FST_ERR_BAD_URL':
      // Not `route-not-found`: the path can't be read, so its route is not known.
      return ofExpected(ValidationFailedError.ofField('path', 'The path has an invalid percent-encoding.'));
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return ofExpected(ValidationFailedError.ofField('path', 'A part of the path is too long.'));
    default:
      return undefined;
  }
}

/** Errors of Nest itself: no such route, or a guard that refused. */
function ofNest(status: number): Refusal | undefined {
  if (status === ROUTE_NOT_FOUND.status) return ROUTE_NOT_FOUND;
  if (status === FORBIDDEN.status) return FORBIDDEN;
  return undefined;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
