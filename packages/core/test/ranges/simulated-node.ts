import { type Held, type RangeRunner, rebalance } from '../../src/subscriptions/ranges/range-claim.js';
import { aheadOf, type DonePart, type RangeRow } from '../../src/subscriptions/ranges/range-row.js';
import type { SimulatedDatabase, SimulatedEvent, SimulatedWrite } from './simulated-database.js';
import type { SimulatedNetwork } from './simulated-network.js';

/** Events in one batch, at most. */
const BATCH = 5;

/** A node that keeps no lease across a crash: it is started again under another name. */
export class SimulatedNode implements RangeRunner {
  isRunning = false;
  private lease: RangeRow | undefined;
  private isWhole = false;
  private position = 0;
  private isEnding = false;
  private hasStopped = false;
  private leaving = false;

  constructor(
    readonly name: string,
    private readonly database: SimulatedDatabase,
    private readonly network: SimulatedNetwork,
    /** Between two signs of life, in ms. */
    private readonly interval: number,
  ) {}

  get held(): Held {
    if (!this.lease) return undefined;
    return this.isWhole ? 'whole' : this.lease;
  }

  /** It ends, or has ended, in order. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  boot(): void {
    this.beat();
    this.network.after(this.name, this.interval, () => this.nextBeat());
  }

  /** Ends in order: gives back what it holds, and its place among the nodes. */
  stop(): void {
    this.leaving = true;
    if (this.isRunning) this.giveBack();
    else this.leave();
  }

  start(): void {
    if (this.leaving) return;
    this.isRunning = true;
    this.isEnding = false;
    this.request(
      () => this.database.claim(this.name),
      ({ lease, whole }) => {
        if (!lease) return this.ended();
        this.lease = lease;
        this.isWhole = whole;
        this.position = lease.position;
        this.nextBatch();
      },
      () => this.ended(),
    );
  }

  giveBack(): void {
    this.isEnding = true;
  }

  private nextBeat(): void {
    if (this.hasStopped) return;
    this.beat();
    this.network.after(this.name, this.interval, () => this.nextBeat());
  }

  private beat(): void {
    if (this.leaving) return;
    this.request(
      () => this.database.beat(this.name),
      ({ spread, nodes }) => {
        if (!this.leaving) rebalance(this, spread, this.name, nodes);
      },
      () => undefined,
    );
  }

  private nextBatch(): void {
    const { lease } = this;
    if (!lease) return;
    if (this.isEnding) return this.release(lease);
    const upTo = Math.min(this.position + BATCH, this.database.events.length);
    if (upTo === this.position) return this.network.after(this.name, this.network.idle, () => this.nextBatch());
    const ahead = aheadOf(lease);
    const events = this.database.events
      .slice(this.position, upTo)
      .filter((event) => isIn(lease, event) && !ahead.some((part) => isDoneIn(part, event)));
    const write = { first: lease.first, epoch: lease.epoch, from: this.position, to: upTo, events };
    // The handlers take a while, in which the node may be frozen.
    this.network.after(this.name, this.network.work(), () => this.write(write));
  }

  private write(write: SimulatedWrite): void {
    this.request(
      () => this.database.advance(write),
      (isCommitted) => {
        if (!isCommitted) return this.ended();
        this.position = write.to;
        this.nextBatch();
      },
      () => this.confirm(write),
    );
  }

  /** There was no reply: only the database knows whether it was committed. */
  private confirm(write: SimulatedWrite): void {
    this.request(
      () => this.database.confirm(write.first, write.epoch),
      (position) => {
        if (position === undefined) return this.ended();
        this.position = position;
        this.nextBatch();
      },
      () => this.confirm(write),
    );
  }

  private release({ first, epoch }: RangeRow): void {
    this.request(
      () => this.database.release(first, epoch),
      () => this.ended(),
      () => this.ended(),
    );
  }

  private ended(): void {
    this.lease = undefined;
    this.isRunning = false;
    if (this.leaving) this.leave();
    // As a notification does: all nodes look again.
    else this.beat();
  }

  private leave(): void {
    this.request(
      () => this.database.leave(this.name),
      () => (this.hasStopped = true),
      () => (this.hasStopped = true),
    );
  }

  private request<T>(ask: () => T, onReply: (reply: T) => void, onTimeout: () => void): void {
    this.network.request(this.name, ask, onReply, onTimeout);
  }
}

function isIn({ first, last }: RangeRow, { partition }: SimulatedEvent): boolean {
  return first <= partition && partition <= last;
}

function isDoneIn(part: DonePart, { partition, position }: SimulatedEvent): boolean {
  return part.first <= partition && partition <= part.last && position <= part.position;
}
