import { LineReserved } from './line-reserved.event.js';
import { OrderCancelled } from './order-cancelled.event.js';
import { OrderConfirmed } from './order-confirmed.event.js';
import { OrderExpired } from './order-expired.event.js';
import { OrderPaid } from './order-paid.event.js';
import { OrderPlaced } from './order-placed.event.js';
import { OrderRejected } from './order-rejected.event.js';

/** Everything that can stand in an order's stream. Add here first; the compiler names the rest. */
export const ORDER_EVENTS = [
  OrderPlaced,
  LineReserved,
  OrderConfirmed,
  OrderRejected,
  OrderPaid,
  OrderCancelled,
  OrderExpired,
] as const;

export type OrderEvent = InstanceType<(typeof ORDER_EVENTS)[number]>;
