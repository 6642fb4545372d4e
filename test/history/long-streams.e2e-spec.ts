import { EventLog } from '@leftfold/core';
import { expectProblem } from '../support/expectations.js';
import { latencyBeside } from '../support/latency-beside.js';
import { useApp } from '../support/use-app.js';

const EVENTS = 12_000;
const AT_ONCE = 8;
/** It is 34 when each is folded from its beginning in one go, and 2 to 5 from a snapshot. */
const HIGHEST_RATIO = 12;

describe('the past of a user with thousands of events', () => {
  const here = useApp('sqlite');

  beforeAll(async () => {
    const { ann, app } = here;
    const log = app.nest.get(EventLog);
    const loginTime = new Date().toISOString();
    for (let left = EVENTS; left > 0; left -= 1_000) {
      const events = Array.from({ length: 1_000 }, () => ({
        type: 'users.user-logged-in',
        data: { userId: ann.userId, loginTime },
      }));
      await log.append([{ stream: `user-${ann.userId}`, expected: 'stream-exists', events }]);
    }
    await app.caughtUpWith(await ann.put(`${ann.path}/username`, { username: `${ann.username} B` }));
  });

  const ask = async (query: string): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => here.ann.get(`/users/me${query}`)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  };
  const stranger = async (): Promise<void> => expect((await here.bob.get('/users/me')).status).toBe(200);

  it.each([
    ['a late version', `?version=${EVENTS - 1}`],
    ['a time', '?at=2999-01-01T00:00:00Z'],
  ])('does not delay other requests: %s', async (_what, query) => {
    await ask(query);
    const harmless = await latencyBeside(() => ask(''), stranger);

    expect((await latencyBeside(() => ask(query), stranger)) / harmless).toBeLessThan(HIGHEST_RATIO);
  });

  it('can be restored', async () => {
    const { ann } = here;
    expect((await ann.post(`${ann.path}/reversion`, { toVersion: EVENTS })).status).toBe(200);
    expectProblem(await ann.post(`${ann.path}/reversion`, { toVersion: EVENTS * 2 }), 404, 'version-not-found');
  });
});
