import { performance } from 'node:perf_hooks';
import type { Writable } from 'node:stream';
import { count, duration, share } from './format.js';

const BAR_LENGTH = 24;
/** Intervals, in ms: between redraws on a terminal, and between lines elsewhere. */
const REDRAW = 100;
const NEXT_LINE = 5_000;
const START_OF_LINE = '\r\u001B[2K';

/** Progress of long work: one redrawn line on a terminal, elsewhere a line now and then. */
export class Progress {
  private readonly startedAt: number;
  private readonly pause: number;
  private startedFrom: number | undefined;
  private shownAt = Number.NEGATIVE_INFINITY;
  private last: { done: number; of: number; isShown: boolean } | undefined;

  constructor(
    private readonly stream: Writable & { readonly isTTY?: boolean },
    private readonly unit: string,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = this.now();
    this.pause = stream.isTTY ? REDRAW : NEXT_LINE;
  }

  show(done: number, of: number): void {
    this.startedFrom ??= done;
    this.last = { done, of, isShown: this.now() - this.shownAt >= this.pause };
    if (this.last.isShown) this.write();
  }

  /** Shows the final progress, and ends the line. */
  end(): void {
    if (!this.last) return;
    if (!this.last.isShown || this.stream.isTTY) this.write();
    if (this.stream.isTTY) this.stream.write('\n');
    this.last = undefined;
  }

  private write(): void {
    this.shownAt = this.now();
    this.stream.write(this.stream.isTTY ? `${START_OF_LINE}${this.bar()} ${this.text()}` : `${this.text()}\n`);
  }

  private bar(): string {
    const { done, of } = this.last!;
    const filled = Math.round(BAR_LENGTH * fraction(done, of));
    return `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}]`;
  }

  /** `45 %  4,500 of 10,000 events  1,200/s  5 s left` */
  private text(): string {
    const { done, of } = this.last!;
    const seconds = (this.now() - this.startedAt) / 1_000;
    const rate = seconds > 0 ? (done - this.startedFrom!) / seconds : 0;
    const parts = [share(fraction(done, of)), `${count(done)} of ${count(of)} ${this.unit}`];
    if (rate > 0) parts.push(`${count(Math.round(rate))}/s`);
    if (rate > 0 && done < of) parts.push(`${duration((of - done) / rate)} left`);
    return parts.join('  ');
  }
}

function fraction(done: number, of: number): number {
  return of === 0 ? 1 : Math.min(done / of, 1);
}
