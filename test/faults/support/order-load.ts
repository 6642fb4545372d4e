import { setTimeout as sleep } from 'node:timers/promises';
import { isReplayed, someKey } from '../../idempotency/keys.js';
import type { Answer, Body } from '../../support/client.js';
import { isLost } from './lost.js';
import { untilNoneLeft } from './until-none-left.js';
import type { Seed } from '../../../packages/core/test/faults/support/seed.js';
import type { ServedApp } from '../../support/served-app.js';

/** The application, in another process or in this one. */
type Shop = Pick<ServedApp, 'client'>;

const BUYERS = 8;
/** Answers to a payment or a cancellation of an order that has already ended. */
const TOO_LATE = /^(order-already-paid|order-cancelled|order-expired|order-rejected)$/;

/** Buyers who order, pay, cancel and have stock added while the application crashes. Each request has a key. */
export class OrderLoad {
  readonly added = new Map<string, number>();
  /** `replayed`: got a lost answer on the repeat. */
  readonly count = { orders: 0, lost: 0, busy: 0, replayed: 0 };
  private left: number;
  private failure: Error | undefined;

  constructor(
    private app: Shop,
    private readonly seed: Seed,
    private readonly tokens: { readonly operator: string; readonly customers: readonly string[] },
    readonly skus: readonly string[],
    orders: number,
  ) {
    this.left = orders;
  }

  /** The application runs in another process now. */
  movedTo(app: Shop): void {
    this.app = app;
  }

  /** Waits until all orders were placed and all their requests answered. */
  async run(): Promise<void> {
    const { customers } = this.tokens;
    const buying = Array.from({ length: BUYERS }, (_, index) => this.buy(customers[index % customers.length]!));
    await Promise.all(buying).catch((error: Error) => {
      this.failure = error;
      throw error;
    });
  }

  /** Waits until this many more orders were placed. */
  async place(more: number): Promise<void> {
    const wanted = this.count.orders + more;
    await untilNoneLeft(() => {
      if (this.failure) throw this.failure;
      return wanted - this.count.orders;
    }, 'orders were not placed');
  }

  private async buy(customer: string): Promise<void> {
    while (this.left-- > 0) {
      const lines = Array.from({ length: this.seed.between(1, 3) }, () => ({
        sku: this.seed.pick(this.skus),
        quantity: this.seed.between(1, 3),
      }));
      const placed = await this.post(customer, '/orders', { lines });
      expectStatus(placed, 201);
      this.count.orders += 1;
      const { orderId } = placed.body as { orderId: string };
      // Of ten, four are paid, two cancelled, and three left alone.
      const turn = this.count.orders % 10;
      if (turn < 4) await this.pay(orderId);
      else if (turn < 6) await this.end(customer, orderId, 'cancellation', { reason: 'changed my mind' });
      else if (turn < 7) await this.addStock();
    }
  }

  /** Retries while the stock is being reserved. */
  private async pay(orderId: string): Promise<void> {
    while (!(await this.end(this.tokens.operator, orderId, 'payment', { reference: orderId }))) await sleep(250);
  }

  private async end(token: string, orderId: string, how: string, body: Body): Promise<boolean> {
    const answer = await this.post(token, `/orders/${orderId}/${how}`, body);
    if (answer.status === 200) return true;
    const { type } = answer.body as { type: string };
    if (type === 'order-not-awaiting-payment') return false;
    expectTooLate(answer.status, type);
    return true;
  }

  private async addStock(): Promise<void> {
    const [sku, quantity] = [this.seed.pick(this.skus), this.seed.between(1, 5)];
    expectStatus(await this.post(this.tokens.operator, `/products/${sku}/stock`, { quantity }), 200);
    this.added.set(sku, (this.added.get(sku) ?? 0) + quantity);
  }

  /** Waits until there is an answer. */
  private async post(token: string, path: string, body: Body): Promise<Answer> {
    const key = someKey();
    for (;;) {
      const { app } = this;
      try {
        const answer = await app.client(token).post(path, body, key);
        if (isReplayed(answer)) this.count.replayed += 1;
        if (answer.status !== 503) return answer;
        this.count.busy += 1;
        await sleep(50);
      } catch (error) {
        if (!isLost(error)) throw error;
        this.count.lost += 1;
        await this.anotherThan(app);
      }
    }
  }

  private async anotherThan(dead: Shop, limit = 60_000): Promise<void> {
    const deadline = Date.now() + limit;
    while (this.app === dead) {
      if (Date.now() > deadline) throw new Error('The application died, and no other one was started.');
      await sleep(20);
    }
  }
}

function expectStatus({ status, text }: Answer, expected: number): void {
  expect({ status, text }).toMatchObject({ status: expected });
}

function expectTooLate(status: number, type: string): void {
  expect({ status, type }).toEqual({ status: 409, type: expect.stringMatching(TOO_LATE) });
}
