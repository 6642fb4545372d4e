import type { RecordedEvent } from '@leftfold/core';
import { eventually } from '../../../packages/core/test/support/eventually.js';
import type { Person } from '../../support/people.js';
import type { AskedApp } from './keyed-commands.js';

/** Eventually the read models show each user as the log does. */
export async function expectLookUpsToFollow(
  app: AskedApp,
  people: readonly Person[],
  events: readonly RecordedEvent[],
): Promise<void> {
  const headers = { 'leftfold-min-position': String(events.length) };
  for (const { token, userId } of people) {
    const { version } = events.findLast(({ stream }) => stream === `user-${userId}`)!;
    await eventually(async () => {
      expect(await app.client(token).get('/users/me', headers)).toMatchObject({
        status: 200,
        body: { userId, version },
      });
    }, 20_000);
  }
}
