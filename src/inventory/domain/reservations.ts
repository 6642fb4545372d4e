/** One line of an order; lines count from 0. */
export interface OrderLinePlace {
  readonly orderId: string;
  readonly line: number;
}

export interface Reservation {
  readonly quantity: number;
  readonly state: 'reserved' | 'released' | 'dispatched';
}

/** How many that are over stay known, of one product. */
const REMEMBERED = 1_000;

/**
 * What was reserved of one product, by order and line: all that is open, and the last thousand that were released or
 * dispatched, so that what comes in the wrong order, or is asked twice, changes nothing. A command of the saga that comes
 * again later than that is known by its id, which the log keeps.
 */
export class Reservations {
  private readonly open = new Map<string, Reservation>();
  /** The one that was over first comes first. */
  private readonly over = new Map<string, Reservation>();

  static of(entries: readonly (readonly [string, Reservation])[]): Reservations {
    const reservations = new Reservations();
    for (const [place, reservation] of entries) reservations.put(place, reservation);
    return reservations;
  }

  get({ orderId, line }: OrderLinePlace): Reservation | undefined {
    const place = `${orderId}/${line}`;
    return this.open.get(place) ?? this.over.get(place);
  }

  set({ orderId, line }: OrderLinePlace, reservation: Reservation): void {
    this.put(`${orderId}/${line}`, reservation);
  }

  get entries(): [string, Reservation][] {
    return [...this.open, ...this.over];
  }

  private put(place: string, reservation: Reservation): void {
    this.open.delete(place);
    this.over.delete(place);
    if (reservation.state === 'reserved') {
      this.open.set(place, reservation);
      return;
    }
    this.over.set(place, reservation);
    const [first] = this.over.keys();
    if (this.over.size > REMEMBERED) this.over.delete(first!);
  }
}
