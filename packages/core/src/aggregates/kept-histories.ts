import { KeptHistory } from './kept-history.js';

/** At most this many streams. */
const MOST = 10_000;
/** Short streams are read as fast as they are looked for. */
const FEWEST_EVENTS = 32;
/** The largest part of all that one stream may take. */
const LARGEST_SHARE = 1 / 8;

/** Keeps the events of the streams that were folded last, within a limit of memory. */
export class KeptHistories {
  private readonly kept = new Map<string, { readonly history: KeptHistory; readonly size: number }>();
  private size = 0;

  /** @param limit about the memory that all may take, in bytes; 0 keeps nothing */
  constructor(
    private readonly limit: number,
    private readonly most = MOST,
  ) {}

  get areKept(): boolean {
    return this.limit > 0;
  }

  find(stream: string): KeptHistory | undefined {
    return this.kept.get(stream)?.history;
  }

  /** Whether it is too large to be kept, so that it need not grow further. */
  isTooLarge(history: KeptHistory): boolean {
    return history.size > this.limit * LARGEST_SHARE;
  }

  /** Keeps it as the one that was used last. Those that were not used for the longest time make room. */
  keep(stream: string, history: KeptHistory): void {
    this.forget(stream);
    if (history.version < FEWEST_EVENTS || this.isTooLarge(history)) return;
    const { size } = history;
    this.kept.set(stream, { history, size });
    this.size += size;
    for (const oldest of this.kept.keys()) {
      if (this.size <= this.limit && this.kept.size <= this.most) return;
      this.forget(oldest);
    }
  }

  forget(stream: string): void {
    const found = this.kept.get(stream);
    if (!found) return;
    this.kept.delete(stream);
    this.size -= found.size;
  }
}
