/** One line of an order. Lines count from 0. */
export interface OrderLinePlace {
  readonly orderId: string;
  readonly line: number;
}
