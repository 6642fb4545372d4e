import { EventLog } from '@leftfold/core';
import { jest } from '@jest/globals';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';

const EVENTS = 12_000;
/** Snapshots are 1,000 events apart. */
const MOST_READ = 1_000;

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

  afterEach(() => jest.restoreAllMocks());

  /** How many events the answer takes. A fold of many would delay other requests. */
  async function eventsReadFor(query: string): Promise<number> {
    const log = here.app.nest.get(EventLog);
    const read = log.readStream.bind(log);
    let count = 0;
    jest.spyOn(log, 'readStream').mockImplementation(async function* (...given) {
      for await (const event of read(...given)) {
        count += 1;
        yield event;
      }
    });
    expect(await here.ann.get(`/users/me${query}`)).toMatchObject({ status: 200, body: { userId: here.ann.userId } });
    jest.restoreAllMocks();
    return count;
  }

  it.each([
    ['a late version', `?version=${EVENTS - 1}`],
    ['a time', '?at=2999-01-01T00:00:00Z'],
  ])('is folded from a snapshot near it: %s', async (_what, query) => {
    // The first answer leaves the snapshots.
    await eventually(async () => expect(await eventsReadFor(query)).toBeLessThanOrEqual(MOST_READ));
  });

  it('can be restored', async () => {
    const { ann } = here;
    expect((await ann.post(`${ann.path}/reversion`, { toVersion: EVENTS })).status).toBe(200);
    expectProblem(await ann.post(`${ann.path}/reversion`, { toVersion: EVENTS * 2 }), 404, 'version-not-found');
  });
});
