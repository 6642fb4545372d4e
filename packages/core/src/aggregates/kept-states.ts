import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import type { EventPayload, PayloadPage } from '../event-log/recorded-event.js';
import { KeyRing } from '../personal-data/key-ring.js';
import type { SubjectKey, SubjectKeys } from '../personal-data/key-store.js';
import { SealedCopies } from '../personal-data/sealed-copies.js';
import { type AggregateClass, type AnyAggregate, streamOf } from './aggregate.decorator.js';
import { KERNEL } from './aggregate-root.js';
import { CurrentFold } from './current-fold.js';
import { isSameEvent } from './kept-history.js';
import { KeptState, type OpenedState } from './kept-state.js';
import { KeptStreams } from './kept-streams.js';
import { restored } from './restored.js';

/** A state is kept when so many events have followed the kept one: to fold fewer takes no longer than to keep it. */
const FEW_EVENTS = 4;

/** An aggregate that was folded, up to the last event or to one that must be upcast. */
export interface Folded<A extends AnyAggregate> {
  readonly aggregate: A;
  /** Version of the last stored snapshot. */
  readonly lastSnapshot: number;
  /** False when the events from the aggregate's version on have to be upcast, and are not folded. */
  readonly isWhole: boolean;
}

/** What a fold starts from. */
interface Start {
  /** Version of the last stored snapshot, 0 for none. */
  readonly lastSnapshot: number;
  /** The keys of the personal data in the state. */
  readonly keys?: SubjectKeys | undefined;
  /** Length of the state's text. */
  readonly size?: number | undefined;
}

/** Keeps the states of aggregates with snapshots that were folded twice, so that a load reads only what was stored since. */
@Injectable()
export class KeptStates {
  private readonly copies: SealedCopies;

  constructor(
    private readonly log: EventLog,
    private readonly fold: CurrentFold,
    private readonly kept: KeptStreams,
    keys: KeyRing,
  ) {
    this.copies = new SealedCopies(keys);
  }

  /** The current aggregate, from its kept state and what was stored since; undefined when no state is kept. */
  async find<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    stream: string,
  ): Promise<Folded<A> | undefined> {
    const kept = this.kept.state(stream);
    if (!kept) return undefined;
    const { end, lastSnapshot } = kept;
    const opened = await this.opened(stream, kept);
    const aggregate = opened && restored(aggregateClass, id, { ...end, state: opened.state });
    // The last event is read again: it is another one if the database was restored from a backup.
    const first = aggregate && (await this.log.readPayloads(stream, end.version, 'with ids'));
    if (!first || !isSameEvent(end, first.events[0])) {
      if (this.kept.state(stream) === kept) this.kept.forget(stream);
      return undefined;
    }
    const isWhole = await this.foldAndKeep(aggregate, stream, { lastSnapshot, keys: opened.keys }, first);
    return { aggregate, lastSnapshot, isWhole };
  }

  /**
   * Folds an aggregate that was restored from a stored snapshot, or is new, up to the last event, and keeps its state.
   * @param first what was read already
   * @returns false when the events from the aggregate's version on have to be upcast, and are not folded
   */
  async foldAndKeep(
    aggregate: AnyAggregate,
    stream: string,
    { lastSnapshot, keys = new Map(), size = 0 }: Start,
    first?: PayloadPage,
  ): Promise<boolean> {
    const used = new Map<string, SubjectKey>(keys);
    let end: EventPayload | undefined;
    const isWhole = await this.fold.fromItsVersion(
      aggregate,
      stream,
      (payload, current) => {
        end = payload;
        for (const [subject, key] of current.keys ?? []) used.set(subject, key);
      },
      first,
    );
    if (isWhole && end && !this.kept.isTooLarge(size)) this.keep(aggregate, end, used, lastSnapshot);
    return isWhole;
  }

  /** A snapshot of this version was taken, to be stored. */
  noteSnapshot(stream: string, version: number): void {
    const kept = this.kept.state(stream);
    if (kept) kept.lastSnapshot = version;
  }

  private async opened(stream: string, kept: KeptState): Promise<OpenedState | undefined> {
    try {
      return await kept.open(this.copies);
    } catch {
      // A fold from the log may do without these keys, or says which event it can't read.
      this.kept.forget(stream);
      return undefined;
    }
  }

  private keep(aggregate: AnyAggregate, end: EventPayload, keys: SubjectKeys, lastSnapshot: number): void {
    if (!this.kept.areKept) return;
    const stream = streamOf(aggregate.constructor as AggregateClass, aggregate.id);
    const last = this.kept.state(stream);
    if (end.version - (last?.end.version ?? 0) < FEW_EVENTS) return;
    if (!last && !this.kept.wasLoaded(stream)) return this.kept.noteLoad(stream);
    try {
      this.kept.keep(stream, KeptState.of(end, aggregate[KERNEL].takeSnapshot, keys, lastSnapshot));
    } catch {
      // What can't be a snapshot is folded from its events. The snapshot that is due says so in the log.
      this.kept.forget(stream);
    }
  }
}
