import type { DeadLetterAnswer } from '../../packages/operations/src/subscriptions/dead-letter.answer.js';
import type { MailServer } from '../../src/platform/testing/mail-server.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import type { TestApp } from '../support/test-app.js';
import { pauseWholly, until, WELCOME_MAIL } from './operating.js';

export interface DeadLetterPage {
  readonly items: DeadLetterAnswer[];
  readonly nextCursor: string | null;
}

export async function deadLetters(operator: Person, query = ''): Promise<DeadLetterPage> {
  return (await operator.get(`/dead-letters${query}`)).body as DeadLetterPage;
}

/**
 * Registers users whose mails fail, pauses the side effect, and makes their events dead letters,
 * because the real attempts take most of a day.
 */
export async function unreachedPeople(
  app: TestApp,
  mail: MailServer,
  count: number,
): Promise<{ people: Person[]; letters: DeadLetterAnswer[] }> {
  const operator = await app.operator();
  const names = Array.from({ length: count }, someNames);
  // Users who registered before may still get their mail.
  mail.behaviorFor = (to) => (names.some(({ email }) => email === to) ? 'refuse' : 'take');
  const people: Person[] = [];
  for (const each of names) people.push(await app.customer(each));
  await until(operator, WELCOME_MAIL, { parked: count });
  await pauseWholly(operator, WELCOME_MAIL);
  await runSql(app.database.url, `update leftfold_parked_events set state = 'dead', due_at = null`);
  const { items: letters } = await deadLetters(operator);
  expect(letters).toHaveLength(count);
  return { people, letters };
}
