import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectDone, expectProblem, UUID_V7 } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

// What the feature `returns` does once its generated code is filled in: a test file for the copy with that code.

const ORDER_ID = '018f2b6e-0000-7000-8000-000000000101';

describe.each(DATABASE_KINDS)('a generated feature, running on %s', (kind) => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    operator = await app.operator();
  });

  afterAll(() => app.close());

  const mailsOfReturns = async (): Promise<string[]> =>
    (await readdir(join(app.database.folder, 'outbox'))).filter((name) => name.startsWith('return-mail.'));
  const request = (reason: unknown) => operator.post('/returns', { orderId: ORDER_ID, reason });
  async function requested(reason = 'It broke.'): Promise<Answer & { path: string; returnId: string }> {
    const answer = await request(reason);
    expectDone(answer, 201, { returnId: expect.stringMatching(UUID_V7) });
    const { returnId } = answer.body as { returnId: string };
    return { ...answer, returnId, path: `/returns/${returnId}` };
  }

  it('stores events, and answers from the read model', async () => {
    const asked = await requested();
    const found = await operator.get(asked.path, since(asked));

    expect({ status: found.status, body: found.body }).toEqual({
      status: 200,
      body: { returnId: asked.returnId, status: 'requested', version: 1 },
    });
    expect(found.headers.etag).toBe('"1"');
  });

  it('decides once, and sends its mail', async () => {
    const { path } = await requested();

    const first = await operator.post(`${path}/approval`, {});
    const second = await operator.post(`${path}/approval`, {});
    const found = await operator.get(path, since(first));

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(found.body).toMatchObject({ status: 'approved', version: 2 });
    await eventually(async () => expect(await mailsOfReturns()).toHaveLength(1));
  });

  it('sends a command from its saga, which is executed', async () => {
    const { path } = await requested('none');

    await eventually(async () => expect((await operator.get(path)).body).toMatchObject({ status: 'refused' }));
    expectProblem(await operator.post(`${path}/approval`, {}), 409, 'return-decided');
  });

  it('refuses malformed, unknown and forbidden requests', async () => {
    const { path } = await requested();
    const customer = await app.customer();

    expectProblem(await request(''), 400, 'validation-failed', { fields: ['reason'] });
    expectProblem(await operator.post('/returns', { reason: 'x' }), 400, 'validation-failed', { fields: ['orderId'] });
    expectProblem(await operator.post(`${path}/approval`, { note: 'x' }), 400, 'validation-failed', {
      fields: ['note'],
    });
    expectProblem(await operator.get(`/returns/${ORDER_ID}`), 404, 'return-not-found');
    expectProblem(await operator.post(`/returns/${ORDER_ID}/approval`, {}), 404, 'return-not-found');
    expectProblem(await app.anyone.get(path), 401, 'not-signed-in');
    expectProblem(await customer.get(path), 403, 'forbidden');
  });
});
