import { Lease } from '../states/lease.js';
import { ParkedRetries } from './parked-retries.js';

it('retries nothing under a lease that was not renewed in time, and says so', async () => {
  const lease = new Lease('orders.mail', 1, -1, performance.now());
  const list = async () => [{ id: 'parked-1', stream: 'order-1', position: 1, tries: 0 }];
  const unused = {} as never;
  const retries = new ParkedRetries(
    unused,
    { lease, isEnding: false } as never,
    unused,
    unused,
    { list } as never,
    unused,
  );

  await expect(retries.tryDue()).rejects.toThrow(
    'The lease of "orders.mail" was not renewed in time, so another process may have it.',
  );
});
