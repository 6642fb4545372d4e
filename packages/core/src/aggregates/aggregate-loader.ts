import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import { InvalidReadError } from '../event-log/event-log.errors.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { KERNEL } from './aggregate-root.js';
import { type AggregateClass, type AnyAggregate, describeAggregate } from './aggregate.decorator.js';
import { CurrentFold } from './current-fold.js';
import { type Folded, KeptStates } from './kept-states.js';
import { type Moment, type Reach, existingName, reachOf } from './moment.js';
import { restored } from './restored.js';
import type { SnapshotKey } from './snapshot-rows.js';
import { Snapshots } from './snapshots.js';

/**
 * Loads aggregates by folding their events, starting from a snapshot where there is one. Takes new snapshots when due.
 */
@Injectable()
export class AggregateLoader {
  /** Version of the snapshot that the aggregate was restored from, or of the last one taken of it. Not for those without. */
  private readonly lastSnapshots = new WeakMap<AnyAggregate, number>();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly snapshots: Snapshots,
    private readonly current: CurrentFold,
    private readonly states: KeptStates,
  ) {}

  /**
   * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version;
   * InvalidReadError when the version is no whole number
   */
  async load<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string, moment: Moment): Promise<A> {
    checkVersion(moment);
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
    if (end !== undefined) return this.foldPast(aggregateClass, id, key, { stream, version, end });
    const kept = key && (await this.states.find(aggregateClass, id, stream));
    const { aggregate, lastSnapshot, isWhole } = kept ?? (await this.foldStored(aggregateClass, id, key, stream));
    if (key) this.lastSnapshots.set(aggregate, lastSnapshot);
    if (!isWhole) await this.foldTo(undefined, aggregate, stream);
    if (key && this.snapshots.isDue(aggregate.version, lastSnapshot)) await this.takeSnapshot(aggregate, stream);
    return aggregate;
  }

  /** From the last snapshot, or from the first event. */
  private async foldStored<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    key: SnapshotKey | undefined,
    stream: string,
  ): Promise<Folded<A>> {
    const snapshot = key && (await this.snapshots.find(key));
    const aggregate = (snapshot && restored(aggregateClass, id, snapshot)) ?? new aggregateClass(id);
    const lastSnapshot = aggregate.version;
    if (!key) return { aggregate, lastSnapshot, isWhole: await this.current.fromTheFirst(aggregate, stream) };
    if (snapshot && lastSnapshot === 0) {
      // A snapshot that could not be restored is replaced.
      await this.foldTo(undefined, aggregate, stream, (at) => at === snapshot.version);
      return { aggregate, lastSnapshot, isWhole: true };
    }
    const start = { lastSnapshot, keys: snapshot?.keys, size: snapshot?.size };
    return { aggregate, lastSnapshot, isWhole: await this.states.foldAndKeep(aggregate, stream, start) };
  }

  private async foldPast<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    key: SnapshotKey | undefined,
    { stream, version, end }: Reach & { readonly end: number },
  ): Promise<A> {
    const snapshot = key && (await this.snapshots.find(key, version));
    const aggregate = (snapshot && restored(aggregateClass, id, snapshot)) ?? new aggregateClass(id);
    const broken = aggregate.version === 0 ? snapshot?.version : undefined;
    if (key) this.lastSnapshots.set(aggregate, aggregate.version);
    await this.foldTo(version, aggregate, stream, (at) => at === broken || this.snapshots.isKept(at, end));
    return aggregate;
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
  private async takeSnapshot(aggregate: AnyAggregate, stream: string): Promise<void> {
    const { version } = aggregate;
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
    this.states.noteSnapshot(key.stream, version);
  }
}

/** The databases differ in what they make of a fraction, so it is refused before a snapshot is looked up. */
function checkVersion({ version }: Moment): void {
  if (version === undefined || Number.isInteger(version)) return;
  throw new InvalidReadError(`version is ${version}. Give a whole number from 1.`);
}
