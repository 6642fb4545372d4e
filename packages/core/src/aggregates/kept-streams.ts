import { KeptHistory } from './kept-history.js';
import { KeptState } from './kept-state.js';

/** At most this many streams. */
const MOST = 10_000;
/** The largest part of all that one stream may take. */
const LARGEST_SHARE = 1 / 8;

/** What is kept of a stream: its events, or the state of an aggregate that has snapshots. */
type Kept = KeptHistory | KeptState;

/**
 * Keeps what was read of the streams that were folded last, within a limit of memory. A stream is kept from its second load on: so
 * one that is loaded once costs no more than its events, and makes no room for itself (the doorkeeper of TinyLFU).
 */
export class KeptStreams {
  private readonly kept = new Map<string, { readonly kept: Kept; readonly size: number }>();
  private size = 0;
  /** Streams that were loaded lately, and those before them: the older ones are left out when there are many new ones. */
  private loaded = new Set<string>();
  private loadedBefore = new Set<string>();

  /**
   * @param limit about the memory that all may take, in bytes; 0 keeps nothing
   * @param most streams that are kept, and names of streams in each of two sets of those that were loaded
   */
  constructor(
    private readonly limit: number,
    private readonly most = MOST,
  ) {}

  get areKept(): boolean {
    return this.limit > 0;
  }

  history(stream: string): KeptHistory | undefined {
    const kept = this.kept.get(stream)?.kept;
    return kept instanceof KeptHistory ? kept : undefined;
  }

  state(stream: string): KeptState | undefined {
    const kept = this.kept.get(stream)?.kept;
    return kept instanceof KeptState ? kept : undefined;
  }

  /** Whether the stream was loaded lately. If it is loaded again, it is to be kept. */
  wasLoaded(stream: string): boolean {
    return this.loaded.has(stream) || this.loadedBefore.has(stream);
  }

  /** Notes that the stream was loaded, and was not kept. */
  noteLoad(stream: string): void {
    if (!this.areKept) return;
    if (this.loaded.size >= this.most) [this.loadedBefore, this.loaded] = [this.loaded, new Set()];
    this.loaded.add(stream);
  }

  /** Whether something of this size, in bytes, is too large to be kept. */
  isTooLarge(size: number): boolean {
    return size > this.limit * LARGEST_SHARE;
  }

  /** Keeps it as the one that was used last. Those that were not used for the longest time make room. */
  keep(stream: string, kept: Kept): void {
    this.forget(stream);
    const { size } = kept;
    if (this.isTooLarge(size)) return;
    this.kept.set(stream, { kept, size });
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
