import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { KERNEL } from './aggregate-root.js';
import { revive } from '../events/revive.js';
import { type AggregateClass, type AnyAggregate, describeAggregate } from './aggregate.decorator.js';
import { KeptHistories } from './kept-histories.js';
import { isSameEvent, KeptHistory } from './kept-history.js';
import { type Moment, type Reach, existingName, reachOf } from './moment.js';
import { type Snapshot, Snapshots } from './snapshots.js';

/**
 * Loads aggregates by folding their events, starting from a snapshot where there is one. Takes new snapshots when due.
 */
@Injectable()
export class AggregateLoader {
  /** Version of the snapshot that the aggregate was restored from, or of the last one taken of it. */
  private readonly lastSnapshots = new WeakMap<AnyAggregate, number>();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly snapshots: Snapshots,
    private readonly histories: KeptHistories,
  ) {}

  /** @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version */
  async load<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string, moment: Moment): Promise<A> {
    const aggregate = await this.fold(aggregateClass, id, await reachOf(this.log, aggregateClass, id, moment));
    if (aggregate.version === 0) throw describeAggregate(aggregateClass).notFound(id);
    return aggregate;
  }

  /**
   * The aggregate as it is now, or a new one of version 0.
   * @throws the aggregate's `notFound` error when the id can't be part of a stream name
   */
  loadOrNew<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string): Promise<A> {
    const stream = existingName(aggregateClass, id);
    return this.fold(aggregateClass, id, { stream, version: undefined, end: undefined });
  }

  private async fold<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    { stream, version, end }: Reach,
  ): Promise<A> {
    const key = this.snapshots.keyOf(aggregateClass, id);
    const snapshot = key && (await this.snapshots.find(key, version));
    const aggregate = (snapshot && restored(aggregateClass, id, snapshot)) ?? new aggregateClass(id);
    // A snapshot that could not be restored is replaced.
    const broken = aggregate.version === 0 ? snapshot?.version : undefined;
    this.lastSnapshots.set(aggregate, aggregate.version);
    if (end === undefined && broken === undefined) await this.foldToTheEnd(aggregate, stream, !key);
    else
      await this.foldTo(
        version,
        aggregate,
        stream,
        (at) => at === broken || (end !== undefined && this.snapshots.isKept(at, end)),
      );
    if (version === undefined) await this.loaded(aggregate, stream);
    return aggregate;
  }

  /**
   * Reads only what a fold needs, as long as no event has to be upcast. Events that were read before are kept, and one
   * statement reads those behind them. So the state is the current one, whatever other nodes have stored.
   */
  private async foldToTheEnd(aggregate: AnyAggregate, stream: string, hasNoSnapshots: boolean): Promise<void> {
    // A fold that starts from a snapshot reads few events.
    const canKeep = hasNoSnapshots && this.histories.areKept;
    const kept = canKeep ? this.histories.find(stream) : undefined;
    const [keptTo, end] = [kept?.version ?? 0, kept?.end];
    // The last one is read again: it is another one if the database was restored from a backup.
    const first = await this.log.readPayloads(stream, end?.version ?? aggregate.version + 1);
    if (end && !isSameEvent(end, first.events[0])) {
      this.histories.forget(stream);
      return this.foldToTheEnd(aggregate, stream, hasNoSnapshots);
    }
    const { replay } = aggregate[KERNEL];
    for (let version = 1; version <= keptTo; version++) {
      replay([kept!.eventAt(version)!], version, kept!.positionAt(version));
    }
    let growing = canKeep ? (kept ?? new KeptHistory()) : undefined;
    for (let page = first; ; page = await this.log.readPayloads(stream, aggregate.version + 1)) {
      for (const payload of page.events) {
        if (payload.version <= aggregate.version) continue;
        const current = this.serializer.currentOf(payload);
        if (!current) {
          this.histories.forget(stream);
          return this.foldTo(undefined, aggregate, stream);
        }
        // Personal data is not kept in memory: it would outlive its subject's forgetting.
        if (payload.decrypt) growing = undefined;
        growing?.add(payload, current);
        const event = growing?.eventAt(payload.version) ?? revive<object>(current.prototype, current.data);
        replay([event], payload.version, payload.position);
      }
      if (growing && this.histories.isTooLarge(growing)) growing = undefined;
      if (!page.isFull) break;
    }
    if (growing) this.histories.keep(stream, growing);
    else this.histories.forget(stream);
  }

  private async foldTo(
    toVersion: number | undefined,
    aggregate: AnyAggregate,
    stream: string,
    isKept: (version: number) => boolean = () => false,
  ): Promise<void> {
    const key = this.snapshots.keyOf(aggregate.constructor as AggregateClass, aggregate.id);
    const { replay, takeSnapshot } = aggregate[KERNEL];
    const fromVersion = aggregate.version + 1;
    for await (const recorded of this.log.readStream(stream, { fromVersion, toVersion })) {
      replay(this.serializer.eventsOf(recorded), recorded.version, recorded.position);
      if (key && isKept(recorded.version)) this.snapshots.take(key, recorded, takeSnapshot);
    }
  }

  /** A snapshot names the event that it includes. */
  private async loaded(aggregate: AnyAggregate, stream: string): Promise<void> {
    const { version } = aggregate;
    const key = this.snapshots.keyOf(aggregate.constructor as AggregateClass, aggregate.id);
    if (!key || !this.snapshots.isDue(version, this.lastSnapshots.get(aggregate)!)) return;
    for await (const { eventId } of this.log.readStream(stream, { fromVersion: version, limit: 1 })) {
      this.stored(aggregate, version, eventId);
    }
  }

  /** Called after the aggregate was stored or loaded at this version. */
  stored(aggregate: AnyAggregate, version: number, eventId: string): void {
    const key = this.snapshots.keyOf(aggregate.constructor as AggregateClass, aggregate.id);
    if (!key || !this.snapshots.isDue(version, this.lastSnapshots.get(aggregate) ?? 0)) return;
    this.snapshots.take(key, { version, eventId }, aggregate[KERNEL].takeSnapshot);
    this.lastSnapshots.set(aggregate, version);
  }
}

/**
 * Undefined when the state does not have the shape that its version promises. The aggregate is then folded from its
 * events.
 */
function restored<A extends AnyAggregate>(
  aggregateClass: AggregateClass<A>,
  id: string,
  { state, version, position }: Snapshot,
): A | undefined {
  if (!state) return undefined;
  const aggregate = new aggregateClass(id);
  const { restore, replay } = aggregate[KERNEL];
  try {
    restore(state);
  } catch {
    return undefined;
  }
  replay([], version, position);
  return aggregate;
}
