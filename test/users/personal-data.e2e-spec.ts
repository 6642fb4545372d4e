import { addProduct, expectStatus, place } from '../orders/shop.js';
import { expectProblem, ISO_TIME } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';

interface PersonalEvent {
  readonly position: number;
  readonly type: string;
  readonly stream: string;
  readonly fields: Readonly<Record<string, string>>;
}

const here = useApp('sqlite', { RATE_LIMITS: 'off' });

const dataOf = async (by: Person, { path }: Person): Promise<PersonalEvent[]> =>
  (expectStatus(await by.get(`${path}/personal-data`), 200).body as { events: PersonalEvent[] }).events;

it('all personal fields of all events about a user are given to the user and to operators', async () => {
  const ann = await here.app.customer();
  const { email } = someNames();
  await ann.change('email', email);
  const orderId = await place(ann, { sku: await addProduct(here.app, 10), quantity: 1 });
  const reason = 'moved to another town';
  await ann.post(`/orders/${orderId}/cancellation`, { reason });

  const events = await dataOf(ann, ann);

  expect(events.map(({ type, stream, fields }) => ({ type, stream, fields }))).toEqual([
    {
      type: 'users.user-registered',
      stream: `user-${ann.userId}`,
      fields: { username: ann.username, email: ann.email },
    },
    { type: 'users.email-changed', stream: `user-${ann.userId}`, fields: { email, previousEmail: ann.email } },
    { type: 'orders.order-cancelled', stream: `order-${orderId}`, fields: { reason } },
  ]);
  expect(events[0]).toMatchObject({
    position: expect.any(Number),
    eventId: expect.any(String),
    recordedAt: expect.stringMatching(ISO_TIME),
  });
  expect(await dataOf(here.operator, ann)).toEqual(events);
});

it('nobody else gets them', async () => {
  const [ann, other] = [await here.app.customer(), await here.app.customer()];

  expectProblem(await other.get(`${ann.path}/personal-data`), 404, 'user-not-found');
});
