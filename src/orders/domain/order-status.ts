/** `placed` until stock is reserved for all lines; `awaiting-payment` until it is paid. The other states are final. */
export const ORDER_STATUSES = ['placed', 'awaiting-payment', 'paid', 'rejected', 'cancelled', 'expired'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];
