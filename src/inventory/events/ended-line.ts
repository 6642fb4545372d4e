import type { OrderLinePlace } from '../domain/order-line-place.js';

/** Tag of the events that end an order line for a product. It finds these events, however old they are. */
export const endedLine = (sku: string, { orderId, line }: OrderLinePlace) => ({
  'ended-line': `${sku}/${orderId}/${line}`,
});
