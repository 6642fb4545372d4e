import type { Answer } from './client.js';

interface Complaints {
  /** The path of the request, if it matters. */
  readonly instance?: string;
  readonly detail?: RegExp;
  /** The fields that a validation-failed names, in any order. */
  readonly fields?: readonly string[];
}

/** Expects a problem document with everything that the contract asks for, and nothing else. */
export function expectProblem(
  answer: Answer,
  status: number,
  code: string,
  { instance, detail, fields }: Complaints = {},
): void {
  const { body, headers } = answer;
  expect({ status: answer.status, code: 'type' in body && body.type }).toEqual({ status, code });
  expect(body).toEqual({
    type: code,
    title: expect.stringMatching(/^[A-Z][a-z -]+$/),
    status,
    detail: expect.stringMatching(/^\S.*\.$/),
    instance: instance ?? expect.stringMatching(/^\/[^?]*$/),
    ...(code === 'validation-failed' && { errors: expect.any(Array) }),
    ...(code === 'internal-error' && { correlationId: headers['x-correlation-id'] }),
  });
  if (detail) expect(body).toMatchObject({ detail: expect.stringMatching(detail) });
  if (fields) expect(fieldsOf(answer).toSorted()).toEqual([...fields].toSorted());
  expect(headers['content-type']).toMatch(/^application\/problem\+json\b/);
  expect(headers['x-correlation-id']).toEqual(expect.any(String));
  expect(headers['leftfold-position']).toBeUndefined();
  expect(headers.etag).toBeUndefined();
  const mayPass = [429, 503].includes(status) || code === 'not-sealed-yet';
  expect(headers['retry-after']).toEqual(mayPass ? expect.stringMatching(/^[1-9]\d*$/) : undefined);
}

/** The fields that a validation-failed complains about. */
export function fieldsOf({ body }: Answer): string[] {
  return (body as { errors: { field: string }[] }).errors.map(({ field }) => field);
}
