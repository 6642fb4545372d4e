import type { Answer } from './client.js';
import type { TestApp } from './test-app.js';

export { expectProblem } from '../../src/platform/testing/expect-problem.js';

export const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The success of a command, as every command answers it. */
export function expectDone(
  answer: Answer,
  status: 200 | 201 | 202,
  body: object,
): { position: number; version: number } {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  expect(answer.headers['leftfold-position']).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.etag).toMatch(/^"[1-9]\d*"$/);
  return placeOf(answer);
}

/** The only event of a command, as the audit shows it to operators. */
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

/** Asserts that the log has the same events before and after `refused`. */
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
