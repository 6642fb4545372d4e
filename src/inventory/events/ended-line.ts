import type { OrderLinePlace } from '../domain/order-line-place.js';

/** The tag of events after which an order line takes no more of a product. They are found by it, however old they are. */
export const endedLine = (sku: string, { orderId, line }: OrderLinePlace) => ({
  'ended-line': `${sku}/${orderId}/${line}`,
});
