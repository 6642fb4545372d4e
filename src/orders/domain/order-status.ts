/** `placed` until stock is kept for all lines; `awaiting-payment` until it is paid. The others are final. */
export const ORDER_STATUSES = ['placed', 'awaiting-payment', 'paid', 'rejected', 'cancelled', 'expired'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];
