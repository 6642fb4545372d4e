import { addProduct, expectStatus, place } from '../orders/shop.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { allRows } from '../../packages/core/test/support/stored-rows.js';

describe.each(DATABASE_KINDS)('the databases after a user was forgotten on %s', (kind) => {
  let app: TestApp;
  let ann: Person;
  let secrets: string[];

  beforeAll(async () => {
    app = await TestApp.start(kind, { RATE_LIMITS: 'off', READ_WAIT_LIMIT: '20s', SNAPSHOT_EVERY: '2' });
    const names = someNames();
    ann = await app.customer();
    await ann.change('username', names.username);
    await ann.change('email', names.email, { 'idempotency-key': 'changed' });
    await app.anyone.post('/password-resets', { email: names.email });
    const orderId = await place(ann, { sku: await addProduct(app, 10), quantity: 1 });
    const reason = `because ${names.username} said so`;
    await ann.post(`/orders/${orderId}/cancellation`, { reason }, { 'idempotency-key': 'cancelled' });
    // Snapshots of the user, and of past views.
    await ann.get(`${ann.path}?version=3`);
    await app.caughtUpWith(await ann.change('username', `${names.username} too`));
    secrets = [ann.username, ann.email, names.username, names.email, reason].map((each) => each.toLowerCase());
  });

  afterAll(() => app.close());

  /** Tables with a row that has one of the names, in any case of letters. */
  const tablesThatTell = async (): Promise<string[]> => {
    const tables = await allRows(app.database);
    expect(tables.size).toBeGreaterThan(15);
    return [...tables]
      .filter(([, rows]) => rows.some((row) => secrets.some((each) => textOf(row).includes(each))))
      .map(([table]) => table.slice(table.indexOf('.') + 1));
  };

  it('have the names in no row of any table', async () => {
    // Only read models hold them in plain text before.
    expect(new Set(await tablesThatTell())).toEqual(new Set(['order_view', 'user_view']));

    expectStatus(await ann.post(`${ann.path}/erasure`, { password: ann.password }), 200);

    expect(await tablesThatTell()).toEqual([]);
  });
});

function textOf(row: object): string {
  return JSON.stringify(row, (_, value: unknown) =>
    Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'bigint' ? String(value) : value,
  ).toLowerCase();
}
