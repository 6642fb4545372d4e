import { PARTITIONS } from '../../src/event-log/partition.js';
import type { SharingNode } from '../../src/subscriptions/ranges/partition-range.js';
import { admits, claimRange, type RangeClaim, type Spread } from '../../src/subscriptions/ranges/range-claim.js';
import { aheadOf, NO_PROGRESS, type RangeRow } from '../../src/subscriptions/ranges/range-row.js';

export interface SimulatedEvent {
  readonly position: number;
  readonly stream: string;
  readonly partition: number;
}

/** A write of an owner: the events whose effects commit with the checkpoint. */
export interface SimulatedWrite {
  readonly first: number;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  readonly events: readonly SimulatedEvent[];
}

/** How the database decides. A mutation replaces one of them. */
export const RULES = { admits, claimRange };
export type Rules = typeof RULES;

type StoredRange = Omit<RangeRow, 'isFree'> & { readonly expiresAt: number };

/**
 * The database: each method is one transaction. It checks what must hold at each commit, and keeps what was violated.
 */
export class SimulatedDatabase {
  readonly events: SimulatedEvent[] = [];
  /** The events of each stream that are not done, in order. */
  private readonly open = new Map<string, number[]>();
  readonly violations: string[] = [];
  private readonly done = new Set<number>();
  private readonly alive = new Map<string, { readonly startedAt: number; expiresAt: number }>();
  private whole = { position: 0, owner: null as string | null, expiresAt: 0, epoch: 0 };
  private ranges: StoredRange[] = [];
  private lastEpoch = 0;

  constructor(
    private readonly clock: { readonly now: number },
    private readonly leaseTtl: number,
    private readonly rules: Rules,
  ) {}

  append(stream: string, partition: number): void {
    const position = this.events.length + 1;
    this.events.push({ position, stream, partition });
    this.open.set(stream, [...(this.open.get(stream) ?? []), position]);
  }

  /** A sign of life: renews what the node holds, and reads who is alive and what they hold. */
  beat(node: string): { nodes: SharingNode[]; spread: Spread } {
    const expiresAt = this.clock.now + this.leaseTtl;
    const known = this.alive.get(node);
    // A node whose registration has expired comes last again.
    const startedAt = known && known.expiresAt >= this.clock.now ? known.startedAt : this.clock.now;
    this.alive.set(node, { startedAt, expiresAt });
    if (this.whole.owner === node) this.whole.expiresAt = expiresAt;
    this.ranges = this.ranges.map((row) => (row.owner === node ? { ...row, expiresAt } : row));
    return { nodes: this.nodes(), spread: this.spread() };
  }

  leave(node: string): void {
    this.alive.delete(node);
  }

  claim(node: string): { lease: RangeRow | undefined; whole: boolean } {
    const epoch = this.lastEpoch + 1;
    const claim: RangeClaim = this.rules.claimRange(this.spread(), node, this.nodes(), epoch);
    const expiresAt = this.clock.now + this.leaseTtl;
    if (claim.kind === 'nothing') return { lease: undefined, whole: false };
    if (claim.kind === 'whole') {
      this.ranges = [];
      this.lastEpoch = epoch;
      this.whole = { position: claim.merged?.position ?? this.whole.position, owner: node, expiresAt, epoch };
      return { lease: this.wholeRow(), whole: true };
    }
    this.ranges = claim.ranges.map((row) => {
      const before = this.ranges.find((each) => each.epoch === row.epoch);
      return { ...row, expiresAt: row === claim.claimed || row.owner === node ? expiresAt : (before?.expiresAt ?? 0) };
    });
    this.lastEpoch = Math.max(...this.ranges.map((row) => row.epoch));
    this.checkRanges();
    return { lease: claim.claimed, whole: false };
  }

  /** @returns whether it was committed */
  advance(write: SimulatedWrite): boolean {
    const row = this.rowAt(write.first);
    if (!row || !this.rules.admits(row, write)) return false;
    this.move(write.first, write.to);
    for (const event of write.events) this.commit(event);
    return true;
  }

  /** The stored position, for a writer that got no reply; undefined when it has lost the range. */
  confirm(first: number, epoch: number): number | undefined {
    const row = this.rowAt(first);
    return row?.epoch === epoch ? row.position : undefined;
  }

  release(first: number, epoch: number): void {
    if (this.ranges.length === 0) {
      if (this.whole.epoch === epoch) this.whole = { ...this.whole, owner: null, expiresAt: 0 };
      return;
    }
    this.ranges = this.ranges.map((row) =>
      row.first === first && row.epoch === epoch ? { ...row, owner: null, expiresAt: 0 } : row,
    );
  }

  nodes(): SharingNode[] {
    return [...this.alive]
      .filter(([, { expiresAt }]) => expiresAt >= this.clock.now)
      .toSorted(([one, a], [other, b]) => a.startedAt - b.startedAt || (one < other ? -1 : 1))
      .map(([id]) => ({ id }));
  }

  spread(): Spread {
    const { now } = this.clock;
    const isFree = ({ owner, expiresAt }: { owner: string | null; expiresAt: number }) =>
      owner === null || expiresAt < now;
    return {
      whole: { ...this.whole, isFree: isFree(this.whole), attempts: 0, attemptPosition: null, restarts: 0 },
      ranges: this.ranges.map((row) => ({ ...row, isFree: isFree(row) })),
    };
  }

  /** How many partitions each live owner holds. */
  holdings(): Record<string, number> {
    const held: Record<string, number> = {};
    const { whole, ranges } = this.spread();
    const rows = ranges.length > 0 ? ranges : [{ ...whole, first: 0, last: PARTITIONS - 1 }];
    for (const row of rows) {
      if (!row.isFree) held[row.owner!] = (held[row.owner!] ?? 0) + row.last - row.first + 1;
    }
    return held;
  }

  /** Events that no one has handled. */
  missing(): number[] {
    return this.events.map(({ position }) => position).filter((position) => !this.done.has(position));
  }

  private rowAt(first: number): Pick<RangeRow, 'epoch' | 'position'> | undefined {
    if (this.ranges.length === 0) return first === 0 ? this.whole : undefined;
    return this.ranges.find((row) => row.first === first);
  }

  private move(first: number, position: number): void {
    const expiresAt = this.clock.now + this.leaseTtl;
    if (this.ranges.length === 0) this.whole = { ...this.whole, position, expiresAt };
    else this.ranges = this.ranges.map((row) => (row.first === first ? { ...row, position, expiresAt } : row));
  }

  private commit({ position, stream }: SimulatedEvent): void {
    if (this.done.has(position)) this.violations.push(`The effects of event ${position} were committed twice.`);
    const open = this.open.get(stream)!;
    if (open[0] !== position) {
      this.violations.push(`Event ${position} of ${stream} was done, and ${open[0] ?? 'none'} is the next one.`);
    }
    this.open.set(
      stream,
      open.filter((each) => each !== position),
    );
    this.done.add(position);
  }

  private wholeRow(): RangeRow {
    const { position, owner, epoch } = this.whole;
    return { first: 0, last: PARTITIONS - 1, position, done: [], owner, epoch, isFree: false, progress: NO_PROGRESS };
  }

  private checkRanges(): void {
    let next = 0;
    for (const row of this.ranges) {
      if (row.first !== next) this.violations.push(`The ranges have a gap or an overlap at ${next}.`);
      next = row.last + 1;
      for (const part of aheadOf(row)) {
        if (part.first < row.first || part.last > row.last)
          this.violations.push('A done part is outside of its range.');
      }
    }
    if (next !== PARTITIONS) this.violations.push(`The ranges end at ${next}.`);
    if (new Set(this.ranges.map((row) => row.epoch)).size < this.ranges.length) {
      this.violations.push('Two ranges have one epoch.');
    }
  }
}
