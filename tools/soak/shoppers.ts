import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Asked, Asking } from './asking.js';
import type { SoakRecord } from './record.js';

/** An acknowledged command, and how its event is recognized in the log. */
export interface Acknowledged {
  readonly position: number;
  readonly stream: string;
  readonly type: string;
}

/** What clients know about the commands that they sent. */
export interface Told {
  readonly acknowledged: readonly Acknowledged[];
  /**
   * Commands that were repeated without a key, by type and stream of their event: how many may have been stored though nobody got the
   * answer. Only a sign-in has no key. Each other command is repeated under its key until it is answered.
   */
  readonly unanswered: ReadonlyMap<string, number>;
}

export interface Person {
  readonly userId: string;
  readonly token: string;
}

const PASSWORD = 'soaked-through-1';
/** Two products with enough stock, and two that run short. */
export const STOCK: Readonly<Record<string, number>> = { MUG: 100_000, TEA: 100_000, POT: 200, JUG: 50 };
const SKUS = Object.keys(STOCK);
/** Refusals of a payment or a cancellation that came after the end of the order. */
const TOO_LATE = new Set(['order-already-paid', 'order-cancelled', 'order-expired', 'order-rejected']);

/** People who use the shop all the time: they register, order, pay, cancel, and leave orders to expire. */
export class Shoppers implements Told {
  readonly acknowledged: Acknowledged[] = [];
  readonly unanswered = new Map<string, number>();
  /** Pieces added by operators, by product. */
  readonly added = new Map<string, number>();
  private going = true;
  private readonly people: Person[] = [];
  private operator = '';

  constructor(
    private readonly asking: Asking,
    private readonly random: () => number,
    private readonly record: SoakRecord,
  ) {}

  /** Adds the products and the first customers. */
  async open(operator: { email: string; password: string }, count: number): Promise<string> {
    this.operator = (await this.signIn(operator)).token;
    for (const [sku, stock] of Object.entries(STOCK)) {
      const body = { sku, name: sku, unitPrice: { amount: 100, currency: 'EUR' }, stock };
      await this.command({ method: 'POST', path: '/products', token: this.operator, body }, 201, [
        `product-${sku}`,
        'inventory.product-added',
      ]);
    }
    for (let n = 0; n < count; n++) await this.register();
    return this.operator;
  }

  /** Shops until `stop`. Each order in turn ends in one of the possible ways. */
  async run(shoppers: number): Promise<void> {
    await Promise.all(
      Array.from({ length: shoppers }, async () => {
        while (this.going) await this.doOneThing();
      }),
    );
  }

  /** Begins nothing new. What was begun is repeated until it is answered. */
  stop(): void {
    this.going = false;
  }

  private async doOneThing(): Promise<void> {
    const chance = this.random();
    if (chance < 0.02) await this.register();
    else if (chance < 0.07) await this.rename();
    else if (chance < 0.12) await this.restock();
    else await this.order();
  }

  private async register(): Promise<void> {
    const name = `u${randomUUID().replaceAll('-', '').slice(0, 18)}`;
    const body = { username: name, email: `${name}@example.org`, password: PASSWORD };
    const { position, body: created } = await this.expect({ method: 'POST', path: '/users', body }, 201);
    const userId = String(created.userId);
    this.acknowledged.push({ position, stream: `user-${userId}`, type: 'users.user-registered' });
    this.people.push(await this.signIn({ email: body.email, password: PASSWORD }));
    this.record.count('registrations');
  }

  private async signIn(body: { email: string; password: string }): Promise<Person> {
    const request = { method: 'POST', path: '/sessions', body } as const;
    const { position, body: session, unanswered } = await this.expect(request, 201);
    const userId = String(session.userId);
    const [stream, type] = [`user-${userId}`, 'users.user-logged-in'];
    this.acknowledged.push({ position, stream, type });
    const key = `${type} ${stream}`;
    this.unanswered.set(key, (this.unanswered.get(key) ?? 0) + unanswered);
    return { userId, token: String(session.accessToken) };
  }

  private async rename(): Promise<void> {
    const { userId, token } = this.somebody();
    const username = `n${randomUUID().replaceAll('-', '').slice(0, 18)}`;
    await this.command({ method: 'PUT', path: `/users/${userId}/username`, token, body: { username } }, 200, [
      `user-${userId}`,
      'users.username-changed',
    ]);
    this.record.count('changes of a user name');
  }

  private async restock(): Promise<void> {
    const sku = this.pick(SKUS);
    const quantity = 1 + Math.floor(this.random() * 5);
    await this.command(
      { method: 'POST', path: `/products/${sku}/stock`, token: this.operator, body: { quantity } },
      200,
      [`product-${sku}`, 'inventory.stock-added'],
    );
    this.added.set(sku, (this.added.get(sku) ?? 0) + quantity);
    this.record.count('additions to stock');
  }

  private async order(): Promise<void> {
    const { token } = this.somebody();
    const lines = Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => ({
      sku: this.pick(SKUS),
      quantity: 1 + Math.floor(this.random() * 3),
    }));
    const placed = await this.expect({ method: 'POST', path: '/orders', token, body: { lines } }, 201);
    const stream = `order-${String(placed.body.orderId)}`;
    this.acknowledged.push({ position: placed.position, stream, type: 'orders.order-placed' });
    this.record.count('orders');
    const chance = this.random();
    if (chance < 0.4) await this.pay(stream);
    else if (chance < 0.6) await this.cancel(stream, token);
  }

  /** Repeats while the stock is being reserved. */
  private async pay(stream: string): Promise<void> {
    const path = `/orders/${stream.slice('order-'.length)}/payment`;
    const body = { reference: stream };
    for (;;) {
      const answer = await this.asking.ask({ method: 'POST', path, token: this.operator, body });
      const isTooEarly = answer.body.type === 'order-not-awaiting-payment';
      if (!isTooEarly) return this.ended(answer, stream, 'orders.order-paid', 'payments');
      await sleep(100);
    }
  }

  private async cancel(stream: string, token: string): Promise<void> {
    const path = `/orders/${stream.slice('order-'.length)}/cancellation`;
    const answer = await this.asking.ask({ method: 'POST', path, token, body: { reason: 'changed my mind' } });
    this.ended(answer, stream, 'orders.order-cancelled', 'cancellations');
  }

  private ended({ status, position, body }: Answer, stream: string, type: string, what: string): void {
    if (status === 200) {
      this.acknowledged.push({ position, stream, type });
      this.record.count(what);
    } else if (!TOO_LATE.has(String(body.type))) {
      this.record.find(`${type} of ${stream} was answered with ${status} ${JSON.stringify(body)}`);
    }
  }

  private async command(request: Asked, status: number, [stream, type]: readonly [string, string]): Promise<void> {
    const { position } = await this.expect(request, status);
    this.acknowledged.push({ position, stream, type });
  }

  private async expect(request: Asked, status: number): Promise<Answer> {
    const answer = await this.asking.ask(request);
    if (answer.status !== status) {
      throw new Error(
        `${request.method} ${request.path} was answered with ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer;
  }

  private somebody(): Person {
    return this.pick(this.people);
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }
}
