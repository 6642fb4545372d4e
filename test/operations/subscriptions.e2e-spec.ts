import type { SubscriptionAnswer } from '../../packages/operations/src/subscriptions/subscription.answer.js';
import { expectProblem } from '../support/expectations.js';
import { inPages } from '../support/in-pages.js';
import { useApp } from '../support/use-app.js';
import { until, USER_VIEW, WELCOME_MAIL } from './operating.js';

interface Page {
  readonly items: SubscriptionAnswer[];
  readonly nextCursor: string | null;
}

/** The subscriptions of this repository; a project may have more. */
const KINDS: Readonly<Record<string, string>> = {
  'inventory.product-view': 'read-model',
  'orders.customer-order-statistics': 'read-model',
  'orders.fulfilment': 'saga',
  'orders.order-view': 'read-model',
  [USER_VIEW]: 'read-model',
  [WELCOME_MAIL]: 'side-effect',
};
const NAMES = Object.keys(KINDS);

describe('GET /subscriptions', () => {
  const here = useApp('sqlite');

  beforeAll(async () => {
    const position = await here.app.head();
    for (const name of NAMES) await until(here.operator, name, { state: 'live', position });
  });

  const pageOf = async (query = ''): Promise<Page> => (await here.operator.get(`/subscriptions${query}`)).body as Page;
  const known = (items: readonly SubscriptionAnswer[]) => items.filter(({ name }) => Object.hasOwn(KINDS, name));

  it('lists all of them by name, with all fields', async () => {
    const position = await here.app.head();
    const owner = expect.stringContaining(`/${process.pid}/`) as string;
    const live = {
      state: 'live',
      position,
      lag: 0,
      pendingCommands: 0,
      scheduledCommands: 0,
      handled: expect.any(Number),
      parked: 0,
      discarded: 0,
      owner,
      ranges: [{ from: 0, to: 1023, owner, position, lag: 0 }],
      lastError: null,
      restarts: 0,
      restartAt: null,
      unattended: false,
      rebuild: null,
    };

    const answer = await here.operator.get('/subscriptions');

    const { items, nextCursor } = answer.body as Page;
    expect(known(items)).toEqual(
      NAMES.map((name) => ({
        name,
        kind: KINDS[name],
        ...live,
        ...(name === USER_VIEW && { handled: position }),
      })),
    );
    expect(items).toEqual(items.toSorted((one, other) => (one.name < other.name ? -1 : 1)));
    expect(nextCursor).toBeNull();
    expect(Object.keys(answer.body as Page)).toEqual(['items', 'nextCursor']);
  });

  it('shows one as the list does', async () => {
    const items = known((await pageOf()).items);

    for (const each of items) expect((await here.operator.get(`/subscriptions/${each.name}`)).body).toEqual(each);
    expect(items).toHaveLength(NAMES.length);
  });

  it('comes in pages, with each of them once', async () => {
    const { items } = await pageOf();

    const pages = await inPages<SubscriptionAnswer>(here.operator, '/subscriptions', 4);

    expect(pages.map(({ name }) => name)).toEqual(items.map(({ name }) => name));
  });

  // The rest is the same on every database.
  it('continues after a name that no longer exists', async () => {
    const cursor = Buffer.from('"users.v"').toString('base64url');

    expect((await pageOf(`?cursor=${cursor}`)).items[0]?.name).toBe(WELCOME_MAIL);
  });

  it.each([
    'users.user-views',
    'USERS.USER-VIEW',
    'users',
    '__proto__',
    'users.user-view%00',
    "'%20or%20true--",
    '..%2Fusers',
    '%F0%9F%98%80',
  ])('answers 404 for %s', async (name) => {
    expectProblem(await here.operator.get(`/subscriptions/${name}`), 404, 'subscription-not-found', {
      instance: `/subscriptions/${name}`,
    });
  });
});
