import { Reservations } from './reservations.js';

const at = (line: number) => ({ orderId: 'order', line });

it('keeps what is open, and forgets what was over long ago', () => {
  const reservations = new Reservations();
  reservations.set(at(0), { quantity: 7, state: 'reserved' });
  for (let line = 1; line <= 1_500; line++) {
    reservations.set(at(line), { quantity: 1, state: 'reserved' });
    reservations.set(at(line), { quantity: 1, state: line % 2 ? 'released' : 'dispatched' });
  }

  for (const each of [reservations, Reservations.of(reservations.entries)]) {
    expect(each.entries).toHaveLength(1_001);
    expect(each.get(at(0))).toEqual({ quantity: 7, state: 'reserved' });
    expect(each.get(at(500))).toBeUndefined();
    expect(each.get(at(501))).toEqual({ quantity: 1, state: 'released' });
    expect(each.get(at(1_500))).toEqual({ quantity: 1, state: 'dispatched' });
  }
});
