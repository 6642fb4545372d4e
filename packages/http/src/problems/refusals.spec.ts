import { type ErrorKind, ExpectedError } from '@leftfold/core';
import { HttpException, NotFoundException, ForbiddenException } from '@nestjs/common';
import { problemOf } from './problem.js';
import { refusalFor } from './refusals.js';
import { ValidationFailedError } from './validation-failed.error.js';

class SampleError extends ExpectedError {
  readonly code = 'a-code';

  constructor(
    readonly kind: ErrorKind,
    override readonly retryAfter?: number,
  ) {
    super('A sentence.');
  }
}

it.each([
  ['invalid', 400],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not-found', 404],
  ['gone', 410],
  ['broken-rule', 409],
  ['version-conflict', 412],
  ['unprocessable', 422],
  ['throttled', 429],
  ['unavailable', 503],
] as const)('a refusal of kind %s has the status %i', (kind, status) => {
  expect(refusalFor(new SampleError(kind))).toMatchObject({ code: 'a-code', status, detail: 'A sentence.' });
});

it('a refusal says when to retry, in whole seconds, at least one', () => {
  expect(refusalFor(new SampleError('throttled', 61.2))?.retryAfter).toBe(62);
  expect(refusalFor(new SampleError('unavailable', 0))?.retryAfter).toBe(1);
  expect(refusalFor(new SampleError('unavailable'))?.retryAfter).toBe(1);
  expect(refusalFor(new SampleError('broken-rule'))).not.toHaveProperty('retryAfter');
});

it('errors of Fastify and Nest become refusals', () => {
  const fromFastify = (code: string, status: number): HttpException =>
    new HttpException('x', status, { cause: Object.assign(new Error('x'), { code }) });

  expect(refusalFor(fromFastify('FST_ERR_CTP_BODY_TOO_LARGE', 413))?.code).toBe('body-too-large');
  expect(refusalFor(fromFastify('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415))?.code).toBe('unsupported-media-type');
  expect(refusalFor(fromFastify('FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400))?.code).toBe('malformed-json');
  expect(refusalFor(new NotFoundException())?.code).toBe('route-not-found');
  expect(refusalFor(new ForbiddenException())?.code).toBe('forbidden');
});

describe('a connection that broke', () => {
  const broken = (more: object): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', ...more });

  it('to the database is reported as temporary', () => {
    expect(refusalFor(broken({}))).toMatchObject({ code: 'busy', status: 503, retryAfter: 1 });
  });

  it('to the caller is not blamed on the database', () => {
    expect(refusalFor(broken({ statusCode: 400 }))).toMatchObject({ code: 'malformed-json', status: 400 });
  });
});

it.each([new Error('x'), new TypeError('x'), new HttpException('x', 418), 'text', undefined, null])(
  '%p is a fault, not a refusal',
  (fault) => {
    expect(refusalFor(fault)).toBeUndefined();
  },
);

it('a problem document has a title made from the code', () => {
  const refusal = refusalFor(ValidationFailedError.ofField('email', 'email must be an email'));

  expect(refusal && problemOf(refusal, '/users')).toEqual({
    type: 'validation-failed',
    title: 'Validation failed',
    status: 400,
    detail: expect.any(String),
    instance: '/users',
    errors: [{ field: 'email', message: 'email must be an email' }],
  });
});
