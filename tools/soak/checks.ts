import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Asking } from './asking.js';
import { checkEachEventOnce, type StoredEvent } from './each-event-once.js';
import { runLeftfold } from './run-leftfold.js';
import type { SoakRecord } from './record.js';
import { STOCK, type Told } from './shoppers.js';

/** How long all work may take after the last fault, in ms. */
const QUIET_LIMIT = 120_000;
const ENDS: Readonly<Record<string, string>> = {
  'orders.order-rejected': 'rejected',
  'orders.order-paid': 'paid',
  'orders.order-cancelled': 'cancelled',
  'orders.order-expired': 'expired',
};

interface Order {
  readonly orderId: string;
  readonly status: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

interface Product {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
}

/** What a run left behind: the promises that hold whatever happened. Each break is a finding. */
export class Checks {
  constructor(
    private readonly database: pg.Pool,
    private readonly asking: Asking,
    private readonly operator: string,
    private readonly record: SoakRecord,
    private readonly run: typeof runLeftfold = runLeftfold,
  ) {}

  /** Waits until nothing is left to do: subscriptions are at the head, the outbox is empty, and all orders have ended. */
  async becomeQuiet(): Promise<void> {
    const deadline = Date.now() + QUIET_LIMIT;
    for (;;) {
      const left = await this.whatIsLeft();
      if (left === undefined) return;
      if (Date.now() > deadline) return this.record.find(`After ${QUIET_LIMIT / 1_000} s, this is left: ${left}`);
      await sleep(500);
    }
  }

  private async whatIsLeft(): Promise<string | undefined> {
    const { items } = (await this.get('/subscriptions')) as { items: { name: string; state: string; lag: number }[] };
    const busy = items.find(({ state, lag }) => state !== 'live' || lag > 0);
    if (busy) return `${busy.name} is ${busy.state}, ${busy.lag} behind`;
    const { rows } = await this.database.query<{ count: string }>('select count(*) from leftfold_saga_commands');
    if (Number(rows[0]!.count) > 0) return `${rows[0]!.count} commands in the outbox`;
    for (const status of ['placed', 'awaiting-payment']) {
      const open = (await this.get(`/orders?status=${status}&limit=1`)) as { items: unknown[] };
      if (open.items.length > 0) return `orders that are ${status}`;
    }
    return undefined;
  }

  /** What clients were told, what the log has, and what queries answer. */
  async compare(told: Told, added: ReadonlyMap<string, number>): Promise<void> {
    if (told.acknowledged.length === 0) this.record.find('No command was acknowledged, so nothing can be compared.');
    const events = await this.readLog();
    this.record.count('events', events.length);
    this.checkNumbers(events);
    checkEachEventOnce(events, told, this.record);
    const orders = (await this.pages('/orders')) as unknown as Order[];
    this.checkOrders(events, orders);
    const { items: products } = (await this.get('/products')) as { items: Product[] };
    this.checkStock(orders, products, added);
    const { items: letters } = (await this.get('/dead-letters')) as { items: unknown[] };
    if (letters.length > 0) this.record.find(`${letters.length} dead letters: ${JSON.stringify(letters[0])}`);
  }

  /** `log verify`, and a dry run of each read model's rebuild. Runs after the nodes have stopped. */
  async verify(url: string, readModels: readonly string[]): Promise<void> {
    await this.leftfold(url, 'log', 'verify');
    for (const name of readModels) {
      const output = await this.leftfold(url, 'subscriptions', 'rebuild', name, '--dry-run', '--json');
      const { rebuild } = JSON.parse(output) as { rebuild: { comparison: Record<string, number>[] } };
      if (rebuild.comparison.length === 0) this.record.find(`No table of ${name} was compared.`);
      const differs = rebuild.comparison.some(({ added, removed, changed }) => added! + removed! + changed! > 0);
      if (differs) this.record.find(`The rows of ${name} differ from a rebuild: ${JSON.stringify(rebuild.comparison)}`);
    }
  }

  async readModels(): Promise<string[]> {
    const { items } = (await this.get('/subscriptions')) as { items: { name: string; kind: string }[] };
    return items.filter(({ kind }) => kind === 'read-model').map(({ name }) => name);
  }

  private checkNumbers(events: readonly StoredEvent[]): void {
    const versions = new Map<string, number>();
    for (const [index, { position, stream, version }] of events.entries()) {
      if (position !== index + 1)
        return this.record.find(`The event after position ${index} has position ${position}.`);
      const expected = (versions.get(stream) ?? 0) + 1;
      if (version !== expected)
        this.record.find(`${stream} has version ${version} at position ${position}, not ${expected}.`);
      versions.set(stream, expected);
    }
  }

  private checkOrders(events: readonly StoredEvent[], orders: readonly Order[]): void {
    const told = new Map(orders.map(({ orderId, status }) => [`order-${orderId}`, status]));
    const histories = new Map<string, string[]>();
    for (const { stream, type } of events) {
      if (type.startsWith('orders.')) histories.set(stream, [...(histories.get(stream) ?? []), type]);
    }
    if (histories.size !== orders.length)
      this.record.find(`${orders.length} orders are shown, and the log has ${histories.size}.`);
    for (const [stream, types] of histories) {
      const ends = types.filter((type) => type in ENDS);
      const [end] = ends;
      const isExplained =
        types[0] === 'orders.order-placed' &&
        ends.length === 1 &&
        types.at(-1) === end &&
        (!/paid|expired/.test(end!) || types.includes('orders.order-confirmed')) &&
        told.get(stream) === ENDS[end!];
      if (!isExplained) this.record.find(`${stream} is ${told.get(stream)}, with the history ${types.join(', ')}.`);
      else this.record.count(`orders ${ENDS[end!]}`);
    }
  }

  private checkStock(orders: readonly Order[], products: readonly Product[], added: ReadonlyMap<string, number>): void {
    const paid = new Map<string, number>();
    for (const { lines } of orders.filter(({ status }) => status === 'paid')) {
      for (const { sku, quantity } of lines) paid.set(sku, (paid.get(sku) ?? 0) + quantity);
    }
    for (const { sku, available, reserved } of products) {
      const expected = STOCK[sku]! + (added.get(sku) ?? 0) - (paid.get(sku) ?? 0);
      if (available !== expected || reserved !== 0) {
        this.record.find(`${sku}: ${available} available and ${reserved} reserved; ${expected} and 0 are right.`);
      }
    }
  }

  private async readLog(): Promise<StoredEvent[]> {
    const { rows } = await this.database.query<{
      position: string;
      stream: string;
      version: string;
      type: string;
      data: string;
    }>('select position, stream, version, type, data from leftfold_events order by position');
    return rows.map(({ position, stream, version, type, data }) => ({
      position: Number(position),
      stream,
      version: Number(version),
      type,
      data: JSON.parse(data) as Record<string, unknown>,
    }));
  }

  private async pages(path: string): Promise<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    for (let cursor = ''; ;) {
      const page = (await this.get(`${path}?limit=200${cursor}`)) as {
        items: Record<string, unknown>[];
        nextCursor: string | null;
      };
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
  }

  private async get(path: string): Promise<unknown> {
    const { status, body } = await this.asking.ask({ method: 'GET', path, token: this.operator });
    if (status !== 200) throw new Error(`GET ${path} was answered with ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Runs the command line; a failure is a finding. @returns what it printed */
  private async leftfold(url: string, ...args: string[]): Promise<string> {
    const { code, output, errors } = await this.run(url, args);
    if (code !== 0) this.record.find(`leftfold ${args.join(' ')} ended with ${code}:\n${output}${errors}`);
    return output;
  }
}
