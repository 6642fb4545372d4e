import { generate, type Outcome, step } from '../../tools/generators/generate.js';

const SPELLINGS = {
  'command orders/ship-order': [
    'command orders/ShipOrder',
    'command orders/shipOrder',
    'command Order/ship_order',
    'command orders/ShipOrderCommand',
    'command src/orders/ship-order',
  ],
  'feature parcels': ['feature parcel', 'feature Parcels', 'feature PARCEL', 'feature src/parcels'],
  'feature customer-addresses': ['feature CustomerAddress', 'feature customer_addresses'],
  'feature billing': ['feature Billing'],
  'aggregate orders/order-line': ['aggregate order/OrderLines', 'aggregate orders/OrderLineAggregate'],
  'event orders/order-shipped': ['event order/OrderShippedEvent', 'event orders/orderShipped'],
  'query orders/find-order': ['query orders/FindOrders', 'query order/find-order-query'],
  'query orders/list-order-views': ['query orders/listOrderView'],
  'query orders/list-orders-by-city': ['query orders/ListOrderByCity'],
  'read-model orders/order-history': ['read-model orders/OrderHistoryProjection', 'read-model order/order_history'],
  'decision-model orders/open-orders': ['decision-model order/OpenOrdersModel', 'decision-model orders/open_orders'],
  'saga orders/order-returns': ['saga order/OrderReturnsSaga'],
  'side-effect orders/order-mail': ['side-effect order/OrderMailHandler', 'side-effect orders/order-mail-side-effect'],
};
const CASES = Object.entries(SPELLINGS).flatMap(([usual, others]) => others.map((other) => [usual, other] as const));

let outcomes: Map<string, Outcome>;

beforeAll(async () => {
  outcomes = new Map();
  for (const line of new Set(CASES.flat())) outcomes.set(line, await generate(step(line)));
});

it.each(CASES)('%s is also spelled %s', (usual, other) => {
  expect(outcomes.get(usual)?.written.length).toBeGreaterThan(1);
  expect(comparable(outcomes.get(other)!)).toEqual(comparable(outcomes.get(usual)!));
});

/** Migrations are named after the current time. */
function comparable(outcome: Outcome): unknown {
  return JSON.parse(JSON.stringify(outcome).replaceAll(/\d{13}/g, '<moment>'));
}
