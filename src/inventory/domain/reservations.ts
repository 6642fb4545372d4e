/** One line of an order; lines count from 0. */
export interface OrderLinePlace {
  readonly orderId: string;
  readonly line: number;
}

export interface Reservation {
  readonly quantity: number;
  readonly state: 'reserved' | 'released' | 'dispatched';
}

/**
 * What was reserved of one product, by order and line. One that was released or dispatched stays known, so that whatever is
 * asked twice, or in the wrong order, changes nothing.
 */
export class Reservations {
  constructor(private readonly byPlace = new Map<string, Reservation>()) {}

  static of(entries: readonly (readonly [string, Reservation])[]): Reservations {
    return new Reservations(new Map(entries));
  }

  get({ orderId, line }: OrderLinePlace): Reservation | undefined {
    return this.byPlace.get(`${orderId}/${line}`);
  }

  set({ orderId, line }: OrderLinePlace, reservation: Reservation): void {
    this.byPlace.set(`${orderId}/${line}`, reservation);
  }

  get entries(): [string, Reservation][] {
    return [...this.byPlace];
  }
}
