import { jest } from '@jest/globals';
import type pg from 'pg';
import type { Asking } from '../../tools/soak/asking.js';
import { Checks } from '../../tools/soak/checks.js';
import { readOptions } from '../../tools/soak/options.js';
import { SoakRecord } from '../../tools/soak/record.js';
import { STOCK } from '../../tools/soak/shoppers.js';

const ORDER = 'order-1';
const MOVE = { orderId: '1', line: 0 };

/** What a run left behind in which all went well: one order of two mugs, which was paid. */
function soundRun() {
  const log: [type: string, stream: string, data: object][] = [
    ['users.user-registered', 'user-9', {}],
    ['orders.order-placed', ORDER, {}],
    ['inventory.stock-reserved', 'product-MUG', MOVE],
    ['orders.order-confirmed', ORDER, {}],
    ['orders.order-paid', ORDER, {}],
    ['inventory.stock-dispatched', 'product-MUG', MOVE],
  ];
  const versions = new Map<string, number>();
  const events = log.map(([type, stream, data], index) => {
    versions.set(stream, (versions.get(stream) ?? 0) + 1);
    return {
      position: index + 1,
      stream,
      version: versions.get(stream)!,
      type,
      data: JSON.stringify(data),
    };
  });
  return {
    events,
    acknowledged: [2, 5].map((position) => ({ position, stream: ORDER, type: events[position - 1]!.type })),
    orders: [{ orderId: '1', status: 'paid', lines: [{ sku: 'MUG', quantity: 2 }] }],
    products: [{ sku: 'MUG', available: STOCK.MUG! - 2, reserved: 0 }],
    letters: [] as object[],
    verifyCode: 0,
    comparison: [{ added: 0, removed: 0, changed: 0 }],
  };
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
  await checks.compare(run.acknowledged, new Map());
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
  ['a version that is missing', ({ events }) => (events[3]!.version = 3), /order-1 has version 3 at position 4, not 2/],
  [
    'a command whose event is another',
    ({ events }) => (events[1]!.type = 'orders.order-moved'),
    /was acknowledged at 2/,
  ],
  ['a position that was told twice', ({ acknowledged: told }) => told.push(told[0]!), /Two commands .* at position 2/],
  [
    'an event of which nobody was told',
    ({ events }) => events.push({ ...events[1]!, position: 7, stream: 'order-2' }),
    /Nobody was told of orders.order-placed of order-2 at 7/,
  ],
  ['an order that has not ended', ({ events }) => (events[4]!.type = 'orders.order-noted'), /order-1 is paid, with/],
  ['an order whose row is another', ({ orders }) => (orders[0]!.status = 'expired'), /order-1 is expired, with/],
  ['an order without a row', ({ orders }) => orders.pop(), /0 orders are shown, and the log has 1/],
  ['stock that moved twice', ({ events }) => (events[5]!.type = events[2]!.type), /This happened twice/],
  ['pieces that are gone', ({ products }) => (products[0]!.available -= 1), /MUG: 99997 available .* 99998 and 0/],
  ['pieces that stay reserved', ({ products }) => (products[0]!.reserved = 1), /MUG: .* 1 reserved/],
  ['a dead letter', ({ letters }) => letters.push({ id: 'x' }), /1 dead letters/],
  ['a log that does not verify', (run) => (run.verifyCode = 1), /leftfold log verify ended with 1/],
  ['a row that differs from a rebuild', ({ comparison }) => (comparison[0]!.changed = 1), /orders.order-view differ/],
  ['a comparison of nothing', ({ comparison }) => comparison.pop(), /No table of orders.order-view was compared/],
  ['a run without a command', ({ acknowledged }) => acknowledged.splice(0), /No command was acknowledged/],
])('finds %s', async (_what, sabotage, finding) => {
  const run = soundRun();
  sabotage(run);

  expect((await findingsIn(run)).join('\n')).toMatch(finding);
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
