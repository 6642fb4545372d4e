import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';

export const USER_VIEW = 'users.user-view';
export const WELCOME_MAIL = 'users.welcome-mail';
export const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

/** An answer `202`. Nothing is appended, so it names no position. */
export function expectAccepted({ status, body, headers }: Answer, expected: object): void {
  expect({ status, body }).toEqual({ status: 202, body: expected });
  expect(headers).not.toHaveProperty('leftfold-position');
  expect(headers).not.toHaveProperty('etag');
}

export async function statusOf(operator: Person, name: string): Promise<SubscriptionAnswer> {
  const answer = await operator.get(`/subscriptions/${name}`);
  expect(answer.status).toBe(200);
  return answer.body as SubscriptionAnswer;
}

/** Pauses a subscription, and waits until no process runs it. */
export async function pauseWholly(operator: Person, name: string): Promise<void> {
  expectAccepted(await operator.post(`/subscriptions/${name}/pause`), { name });
  await until(operator, name, { state: 'paused', owner: null });
}

/** Waits until a subscription is as expected. */
export function until(
  operator: Person,
  name: string,
  expected: Partial<SubscriptionAnswer>,
): Promise<SubscriptionAnswer> {
  return eventually(async () => {
    const status = await statusOf(operator, name);
    expect(status).toMatchObject(expected);
    return status;
  });
}

/** A gone side effect, as of an earlier version of the program, for which the log's first event is a dead letter. */
export const GREETING = 'users.greeting';

/** Leaves its checkpoint, and its dead letter. Returns the dead letter's id. */
export async function leaveGone(url: string): Promise<string> {
  await runSql(
    url,
    `insert into leftfold_subscriptions (name, version, types, log_id, position, parked, handled, epoch, expires_at)
     select '${GREETING}', 1, '[]', log_id, 1, 1, 0, 1, 0 from leftfold_event_log`,
  );
  await runSql(
    url,
    `insert into leftfold_parked_events (id, subscription, stream, position, state, tries, attempts, first_failed_at, last_failed_at, error)
     select '${NOBODY}', '${GREETING}', stream, position, 'dead', 1, 1, 0, 0, 'no greeting' from leftfold_events where position = 1`,
  );
  return NOBODY;
}
