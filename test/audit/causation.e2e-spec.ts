import { randomUUID } from 'node:crypto';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { DATABASE_KINDS } from '../../packages/core/test/support/databases.js';
import type { CausationAnswer, CausationNodeAnswer } from '../../packages/operations/src/audit/causation.answer.js';
import { MailServer } from '../../src/platform/testing/mail-server.js';
import { unreachedPeople } from '../operations/unreached-people.js';
import { addProduct, expectStatus } from '../orders/shop.js';
import { WELCOME_MAIL } from '../operations/operating.js';
import { expectProblem, ISO_TIME } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const SAGA = 'orders.fulfilment';

interface Event {
  readonly type: string;
  readonly stream: string;
  readonly position: number;
}

describe.each(DATABASE_KINDS)('what followed from a request, on %s', (kind) => {
  let mail: MailServer;
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    mail = await MailServer.start();
    app = await TestApp.start(kind, { SMTP_URL: mail.url });
    operator = await app.operator();
  });

  afterAll(async () => {
    await app.close();
    await mail.close();
  });

  const storyOf = async (correlationId: string, person = operator): Promise<CausationAnswer> =>
    expectStatus(await person.get(`/causation/${encodeURIComponent(correlationId)}`), 200).body as CausationAnswer;
  const eventsOf = async (correlationId: string): Promise<Event[]> =>
    ((await operator.get(`/events?correlationId=${encodeURIComponent(correlationId)}`)).body as { items: Event[] })
      .items;

  it('is the order, each command of its saga with what it stored, and the schedule of its end', async () => {
    const sku = await addProduct(app, 5);
    const ann = await app.customer();
    const correlationId = `order-${randomUUID()}`;
    const lines = [{ sku, quantity: 1 }];
    const placed = await ann.post('/orders', { lines }, { 'X-Correlation-Id': correlationId });
    const { orderId } = expectStatus(placed, 201).body as { orderId: string };

    const { nodes, edges } = await eventually(async () => {
      const found = await storyOf(correlationId);
      expect(found.nodes.filter(({ kind }) => kind === 'schedule')).toHaveLength(1);
      expect(found.nodes.filter(({ state }) => state !== undefined && state !== 'done')).toEqual([]);
      return found;
    });

    const events = await eventsOf(correlationId);
    expect(nodes[0]).toEqual({
      kind: 'request',
      id: correlationId,
      actor: ann.userId,
      recordedAt: expect.stringMatching(ISO_TIME),
    });
    const ofKind = (wanted: string): CausationNodeAnswer[] => nodes.filter((each) => each.kind === wanted);
    expect(ofKind('event')).toMatchObject(events.map(({ type, stream, position }) => ({ type, stream, position })));
    for (const { actor, state } of ofKind('command'))
      expect({ actor, state }).toEqual({ actor: `saga:${SAGA}`, state: 'done' });
    expect(ofKind('schedule')).toEqual([
      {
        kind: 'schedule',
        id: expect.any(String),
        saga: SAGA,
        key: orderId,
        command: 'orders.expire-order',
        dueAt: expect.stringMatching(ISO_TIME),
      },
    ]);
    // Each step has one cause, and the order is the first one.
    const [order] = ofKind('event');
    expect(order!.type).toBe('orders.order-placed');
    expect(edges[0]).toEqual({ from: correlationId, to: order!.id });
    expect(edges.map(({ to }) => to).toSorted()).toEqual(
      nodes
        .slice(1)
        .map(({ id }) => id)
        .toSorted(),
    );
    const reserved = ofKind('event').find(({ stream }) => stream!.startsWith('product-'))!;
    const command = edges.find(({ to }) => to === reserved.id)!.from;
    expect(edges).toContainEqual({ from: order!.id, to: command });
    expect(ofKind('command').map(({ id }) => id)).toContain(command);
  });

  it('has a side effect, and the dead letter that it has become', async () => {
    const { letters } = await unreachedPeople(app, mail, 1);
    const [letter] = letters;
    const found = (await operator.get(`/events?after=${letter!.position - 1}&limit=1`)).body as {
      items: (Event & { correlationId: string })[];
    };
    const [registered] = found.items;

    const { nodes, edges } = await storyOf(registered!.correlationId);

    const { id } = nodes.find(({ position }) => position === letter!.position)!;
    const effect = `${WELCOME_MAIL}/${id}`;
    expect(nodes.slice(2)).toEqual([
      { kind: 'side-effect', id: effect, subscription: WELCOME_MAIL, state: 'dead' },
      {
        kind: 'dead-letter',
        id: letter!.id,
        subscription: WELCOME_MAIL,
        attempts: letter!.attempts,
        firstFailedAt: letter!.firstFailedAt,
        lastFailedAt: letter!.lastFailedAt,
        error: letter!.error,
      },
    ]);
    expect(edges.slice(1)).toEqual([
      { from: id, to: effect },
      { from: effect, to: letter!.id },
    ]);
  });

  it('is empty for an id that nothing has, and is for operators and auditors', async () => {
    expect(await storyOf('nobody')).toEqual({ nodes: [], edges: [] });
    const ann = await app.customer();
    expectProblem(await ann.get('/causation/nobody'), 403, 'forbidden');
    expectProblem(await operator.get(`/causation/${'x'.repeat(256)}`), 400, 'validation-failed', {
      fields: ['correlationId'],
    });
    expectStatus(await operator.put(`/users/${ann.userId}/roles/auditor`), 200);
    expect(await storyOf('nobody', await app.signIn(ann))).toEqual({ nodes: [], edges: [] });
  });
});
