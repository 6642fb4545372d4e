import { jest } from '@jest/globals';
import type pg from 'pg';
import type { Asking } from '../../tools/soak/asking.js';
import { Checks } from '../../tools/soak/checks.js';
import { FOLLOWING, OF_CLIENTS } from '../../tools/soak/each-event-once.js';
import { readOptions } from '../../tools/soak/options.js';
import { SoakRecord } from '../../tools/soak/record.js';
import { STOCK } from '../../tools/soak/shoppers.js';

const line = (orderId: string) => ({ orderId, line: 0 });

/** The first two are of the start; the rest belongs to an order that was paid, cancelled, expired or rejected, or to no order. */
const LOG: readonly [type: string, stream: string, data?: object][] = [
  ['users.user-registered', 'user-operator'],
  ['users.role-granted', 'user-operator'],
  ['users.user-registered', 'user-9'],
  ['users.user-logged-in', 'user-9'],
  ['users.username-changed', 'user-9'],
  ['inventory.product-added', 'product-MUG'],
  ['inventory.stock-added', 'product-MUG'],
  ['orders.order-placed', 'order-1'],
  ['inventory.stock-reserved', 'product-MUG', line('1')],
  ['orders.line-reserved', 'order-1', line('1')],
  ['orders.order-confirmed', 'order-1'],
  ['orders.order-paid', 'order-1'],
  ['inventory.stock-dispatched', 'product-MUG', line('1')],
  ['orders.order-placed', 'order-2'],
  ['orders.order-cancelled', 'order-2'],
  ['inventory.stock-released', 'product-MUG', line('2')],
  ['orders.order-placed', 'order-3'],
  ['orders.order-confirmed', 'order-3'],
  ['orders.order-expired', 'order-3'],
  ['orders.order-placed', 'order-4'],
  ['orders.order-rejected', 'order-4'],
];

/** What a run left behind in which all went well. Three mugs were added, and two were sold. */
function soundRun() {
  const versions = new Map<string, number>();
  const events = LOG.map(([type, stream, data], index) => {
    versions.set(stream, (versions.get(stream) ?? 0) + 1);
    return { position: index + 1, stream, version: versions.get(stream)!, type, data: JSON.stringify(data ?? {}) };
  });
  const isTold = ({ position, type }: (typeof events)[number]) => position > 2 && OF_CLIENTS.has(type);
  return {
    events,
    told: {
      acknowledged: events.filter(isTold).map(({ position, stream, type }) => ({ position, stream, type })),
      unanswered: new Map<string, number>(),
    },
    orders: ['paid', 'cancelled', 'expired', 'rejected'].map((status, index) => ({
      orderId: `${index + 1}`,
      status,
      lines: [{ sku: 'MUG', quantity: 2 }],
    })),
    products: [{ sku: 'MUG', available: STOCK.MUG! + 1, reserved: 0 }],
    letters: [] as object[],
    verifyCode: 0,
    comparison: [{ added: 0, removed: 0, changed: 0 }],
  };
}

/** Stores an event once more, as the last one. */
function repeat({ events }: Run, type: string, stream?: string): void {
  const event = events.findLast((each) => each.type === type && (stream === undefined || each.stream === stream))!;
  const version = events.filter((each) => each.stream === event.stream).length + 1;
  events.push({ ...event, position: events.length + 1, version });
}

function rename({ events }: Run, from: string, to: string): void {
  events.find(({ type }) => type === from)!.type = to;
}

type Run = ReturnType<typeof soundRun>;

/** What the checks find. */
async function findingsIn(run: Run): Promise<readonly string[]> {
  const record = new SoakRecord();
  const answers: Record<string, object> = {
    '/orders': { items: run.orders, nextCursor: null },
    '/products': { items: run.products },
    '/dead-letters': { items: run.letters },
  };
  const database = { query: async () => ({ rows: run.events }) } as unknown as pg.Pool;
  const asking = {
    ask: async ({ path }: { path: string }) => ({ status: 200, body: answers[path.split('?')[0]!] }),
  } as unknown as Asking;
  const leftfold = async (_url: string, [command]: readonly string[]) =>
    command === 'log'
      ? { code: run.verifyCode, output: 'log verify', errors: '' }
      : { code: 0, output: JSON.stringify({ rebuild: { comparison: run.comparison } }), errors: '' };
  const checks = new Checks(database, asking, 'token', record, leftfold);
  await checks.compare(run.told, new Map([['MUG', 3]]));
  await checks.verify('postgres://none', ['orders.order-view']);
  return record.findings;
}

beforeEach(() => void jest.spyOn(console, 'log').mockReturnValue());
afterEach(() => jest.restoreAllMocks());

it('finds nothing in a run in which all went well', async () => {
  expect(await findingsIn(soundRun())).toEqual([]);
});

it.each<[string, (run: Run) => void, RegExp]>([
  ['an event that is lost', ({ events }) => events.splice(2, 1), /The event after position 2 has position 4/],
  [
    'a version that is missing',
    ({ events }) => (events[9]!.version = 3),
    /order-1 has version 3 at position 10, not 2/,
  ],
  [
    'a command whose event is another',
    (run) => rename(run, 'orders.order-placed', 'orders.moved'),
    /acknowledged at 8/,
  ],
  [
    'a position that was told twice',
    ({ told: { acknowledged } }) => acknowledged.push(acknowledged[0]!),
    /Two commands .* at position 3/,
  ],
  [
    'an event that nothing in the run makes',
    (run) => rename(run, 'orders.line-reserved', 'orders.line-noted'),
    /Nothing in this run makes orders.line-noted, of order-1 at 10/,
  ],
  ['an order that has not ended', (run) => rename(run, 'orders.order-paid', 'orders.noted'), /order-1 is paid, with/],
  ['an order whose row is another', ({ orders }) => (orders[0]!.status = 'expired'), /order-1 is expired, with/],
  ['an order without a row', ({ orders }) => orders.pop(), /3 orders are shown, and the log has 4/],
  ['pieces that are gone', ({ products }) => (products[0]!.available -= 1), /MUG: 100000 available .* 100001 and 0/],
  ['pieces that stay reserved', ({ products }) => (products[0]!.reserved = 1), /MUG: .* 1 reserved/],
  ['a dead letter', ({ letters }) => letters.push({ id: 'x' }), /1 dead letters/],
  ['a log that does not verify', (run) => (run.verifyCode = 1), /leftfold log verify ended with 1/],
  ['a row that differs from a rebuild', ({ comparison }) => (comparison[0]!.changed = 1), /orders.order-view differ/],
  ['a comparison of nothing', ({ comparison }) => comparison.pop(), /No table of orders.order-view was compared/],
  ['a run without a command', ({ told }) => told.acknowledged.splice(0), /No command was acknowledged/],
])('finds %s', async (_what, sabotage, finding) => {
  const run = soundRun();
  sabotage(run);

  expect((await findingsIn(run)).join('\n')).toMatch(finding);
});

describe('an event that is stored twice', () => {
  const types = [...OF_CLIENTS, ...Object.keys(FOLLOWING)];

  it('can be of any type that a run stores', () => {
    expect([...new Set(LOG.slice(2).map(([type]) => type))].toSorted()).toEqual(types.toSorted());
  });

  it.each(types)('is found: %s', async (type) => {
    const run = soundRun();
    repeat(run, type);

    const finding = OF_CLIENTS.has(type) ? `Nobody was told of ${type} of .* at 22` : `happened twice: .*${type}.* 22`;
    expect((await findingsIn(run)).join('\n')).toMatch(new RegExp(finding));
  });

  it('is found at the start, too', async () => {
    const run = soundRun();
    repeat(run, 'users.user-registered', 'user-operator');

    expect(await findingsIn(run)).toEqual(['Nobody was told of users.user-registered of user-operator at 22.']);
  });

  it('may be a sign-in that got no answer, but not two of them', async () => {
    const run = soundRun();
    run.told.unanswered.set('users.user-logged-in user-9', 1);
    repeat(run, 'users.user-logged-in');
    expect(await findingsIn(run)).toEqual([]);

    repeat(run, 'users.user-logged-in');
    expect(await findingsIn(run)).toEqual(['Nobody was told of users.user-logged-in of user-9 at 23.']);
  });
});

it('reads its options, and has defaults', () => {
  expect(readOptions([])).toMatchObject({ minutes: 10, nodes: 3, seed: expect.any(Number) });
  expect(readOptions(['--minutes', '0.5', '--nodes', '1', '--seed', '7'])).toEqual({ minutes: 0.5, nodes: 1, seed: 7 });
  expect(readOptions(['--help'])).toBe('help');
});

it.each([
  [['--minutes', '0'], /--minutes is "0"; give a number from 0.1 to 1440/],
  [['--minutes', ''], /--minutes is ""/],
  [['--nodes', '1.5'], /--nodes is "1.5"; give a whole number from 1 to 9/],
  [['--nodes', '10'], /--nodes is "10"/],
  [['--seed', 'x'], /--seed is "x"/],
  [['--faults', '3'], /--faults/],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
