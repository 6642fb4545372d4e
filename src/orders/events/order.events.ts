import { LineReserved } from './line-reserved.event.js';
import { OrderCancelled } from './order-cancelled.event.js';
import { OrderConfirmed } from './order-confirmed.event.js';
import { OrderExpired } from './order-expired.event.js';
import { OrderPaid } from './order-paid.event.js';
import { OrderPlaced } from './order-placed.event.js';
import { OrderRejected } from './order-rejected.event.js';

/** All events of an order's stream. Add a new event here first; the compiler then shows what is missing. */
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
