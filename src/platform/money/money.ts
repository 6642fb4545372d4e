/** An amount in the smallest unit of its currency, such as cents. */
export interface Money {
  /** A whole number of minor units. */
  readonly amount: number;
  /** ISO 4217, such as EUR. */
  readonly currency: string;
}
