import type { Answer } from './client.js';
import type { TestApp } from './test-app.js';

export const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Complaints {
  /** The path of the request, where it matters. */
  readonly instance?: string;
  readonly detail?: RegExp;
  /** Fields that a validation-failed names, in any order. */
  readonly fields?: readonly string[];
}

/** A problem document with all that the contract asks for, and nothing else. */
export function expectProblem(
  answer: Answer,
  status: number,
  code: string,
  { instance, detail, fields }: Complaints = {},
): void {
  const { body, headers } = answer;
  expect({ status: answer.status, code: (body as { type?: unknown }).type }).toEqual({ status, code });
  expect(body).toEqual({
    type: code,
    title: expect.stringMatching(/^[A-Z][a-z -]+$/),
    status,
    detail: expect.stringMatching(/^\S.*\.$/),
    instance: instance ?? expect.stringMatching(/^\/[^?]*$/),
    ...(code === 'validation-failed' && { errors: expect.any(Array) }),
    ...(code === 'internal-error' && { correlationId: headers['x-correlation-id'] }),
  });
  if (detail) expect((body as { detail: string }).detail).toMatch(detail);
  if (fields) expect(fieldsOf(answer).toSorted()).toEqual([...fields].toSorted());
  expect(headers['content-type']).toMatch(/^application\/problem\+json\b/);
  expect(headers['leftfold-position']).toBeUndefined();
  expect(headers.etag).toBeUndefined();
  const mayPass = [429, 503].includes(status);
  expect(headers['retry-after']).toEqual(mayPass ? expect.stringMatching(/^[1-9]\d*$/) : undefined);
}

/** A command's success, as every command answers it. */
export function expectDone(answer: Answer, status: 200 | 201, body: object): { position: number; version: number } {
  expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status, body });
  expect(answer.headers['leftfold-position']).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.etag).toMatch(/^"[1-9]\d*"$/);
  return placeOf(answer);
}

/** The one event that a command stored, as the audit shows it to operators. */
export async function expectEvent(
  app: TestApp,
  answer: Answer,
  { actor, type, data }: { actor: string; type: string; data: { userId: string } & Record<string, unknown> },
): Promise<void> {
  const { position, version } = placeOf(answer);
  const [event, ...later] = await app.eventsAfter(position - 1);
  expect(event).toEqual({
    position,
    stream: `user-${data.userId}`,
    version,
    type,
    data,
    recordedAt: expect.stringMatching(ISO_TIME),
    actor,
    correlationId: answer.headers['x-correlation-id'],
    causationId: null,
  });
  expect(later).toEqual([]);
}

/** Whatever `refused` does leaves the log as it was. */
export async function expectNothingStored<T>(app: TestApp, refused: () => Promise<T>): Promise<T> {
  const before = await app.head();
  const result = await refused();
  expect(await app.head()).toBe(before);
  return result;
}

export function placeOf({ headers }: Answer): { position: number; version: number } {
  return {
    position: Number(headers['leftfold-position']),
    version: Number(String(headers.etag).replaceAll('"', '')),
  };
}

function fieldsOf({ body }: Answer): string[] {
  return (body as { errors: { field: string }[] }).errors.map(({ field }) => field);
}
