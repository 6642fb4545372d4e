import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { execute, select } from '../../databases/execute.js';
import { Gathered } from '../../databases/gathered.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Lease, LeasedPart } from '../states/lease.js';
import type { Failure } from './failure.js';
import { inPartitionsOf, lockState } from './parked-part.js';
import type { ParkedState } from './parked-event.entity.js';

/** An event to park. */
export interface Parking {
  readonly event: RecordedEvent;
  readonly state: ParkedState;
  /** Number of attempts so far. */
  readonly attempts: number;
  /** In ms from now; set if it is to be retried. */
  readonly dueIn?: number;
  readonly failure?: Failure;
}

/** How many events a subscription has parked. */
export interface ParkedCount {
  readonly parked: number;
  /** When the next one is due, in ms from now. */
  readonly dueIn: number | undefined;
}

interface CountRow {
  readonly parked: number | string;
  readonly due_in: number | string | null;
}

/** A subscription's parked events. The first one of each stream is retried, and the others wait behind it. */
export class ParkedEvents {
  private readonly now: string;
  private readonly counts = new Gathered<string, ParkedCount>((subscriptions) => this.countParked(subscriptions));

  constructor(private readonly database: OpenDatabase) {
    this.now = database.write.dialect.now;
  }

  /**
   * Parks events, in a transaction that has already moved the checkpoint. Every transaction that changes parked events
   * writes the subscription's row of state first, so that they run one after the other and no event is left waiting
   * without a predecessor.
   */
  async park(manager: EntityManager, { name: subscription, part }: Lease, parkings: readonly Parking[]): Promise<void> {
    // The checkpoint of a range is not in the row of state.
    if (part && parkings.length > 0) await lockState(manager, subscription);
    for (const { event, state, attempts, dueIn, failure } of parkings) {
      const failedAt = failure ? this.now : 'null';
      await execute(
        manager.queryRunner!,
        `insert into leftfold_parked_events
           (id, subscription, stream, position, state, due_at, tries, attempts, first_failed_at, last_failed_at, error, stack)
         values (?, ?, ?, ?, ?, ${dueIn === undefined ? '?' : `${this.now} + ?`}, ?, ?, ${failedAt}, ${failedAt}, ?, ?)`,
        [
          uuidv7(),
          subscription,
          event.stream,
          event.position,
          state,
          dueIn === undefined ? null : Math.ceil(dueIn),
          attempts,
          attempts,
          failure?.message ?? null,
          failure?.stack ?? null,
        ],
      );
    }
    const behind = parkings.filter(({ state }) => state === 'waiting').map(({ event }) => event.stream);
    // The event that blocked the stream may have been handled since this was checked.
    for (const stream of new Set(behind)) await this.wakeNext(manager, subscription, stream);
  }

  /** Which of these streams have a parked event, so that later events must wait. */
  async blocked(subscription: string, streams: readonly string[]): Promise<Set<string>> {
    const { dialect } = this.database.write;
    const rows = await select<{ stream: string }>(
      this.database.read,
      `select distinct stream from leftfold_parked_events where subscription = ? and ${dialect.isAnyOf('stream')}`,
      [subscription, dialect.list(streams)],
    );
    return new Set(rows.map(({ stream }) => stream));
  }

  /** What is parked of a lease. Subscriptions that ask together share a statement. */
  nextDue({ name, part }: Lease): Promise<ParkedCount> {
    return part ? this.countPart(name, part) : this.counts.ask(name);
  }

  private async countPart(subscription: string, part: LeasedPart): Promise<ParkedCount> {
    const inPart = inPartitionsOf(part);
    const rows = await select<CountRow>(
      this.database.read,
      `select count(*) as parked, min(due_at) - ${this.now} as due_in from leftfold_parked_events p
        where subscription = ? ${inPart.sql}`,
      [subscription, ...inPart.parameters],
    );
    return parkedCount(rows[0]);
  }

  private async countParked(subscriptions: readonly string[]): Promise<ParkedCount[]> {
    const { dialect } = this.database.write;
    const rows = await select<CountRow & { subscription: string }>(
      this.database.read,
      `select subscription, count(*) as parked, min(due_at) - ${this.now} as due_in from leftfold_parked_events
        where ${dialect.isAnyOf('subscription')} group by subscription`,
      [dialect.list(subscriptions)],
    );
    const counts = new Map(rows.map((row) => [row.subscription, row]));
    return subscriptions.map((subscription) => parkedCount(counts.get(subscription)));
  }

  /** Makes events due whose due time is more than this many ms ahead. */
  async makeImpossibleTimesDue(subscription: string, ahead: number): Promise<void> {
    await this.database.write.statement(
      `update leftfold_parked_events set due_at = ${this.now}
        where subscription = ? and state = 'retrying' and due_at > ${this.now} + ?`,
      [subscription, Math.ceil(ahead)],
    );
  }

  /** @returns whether it was still parked */
  async remove(manager: EntityManager, id: string): Promise<boolean> {
    const { affected } = await execute(manager.queryRunner!, 'delete from leftfold_parked_events where id = ?', [id]);
    return affected === 1;
  }

  /** Counts a parked event as handled or discarded. Events from before counting began are not counted. */
  async count(
    manager: EntityManager,
    subscription: string,
    position: number,
    as: 'handled' | 'discarded',
  ): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update leftfold_subscriptions set parked = parked - 1, ${as} = ${as} + 1 where name = ? and start_position < ?`,
      [subscription, position],
    );
  }

  async wakeNext(manager: EntityManager, subscription: string, stream: string): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update leftfold_parked_events set state = 'retrying', due_at = ${this.now}
        where state = 'waiting' and subscription = ? and stream = ? and position =
          (select min(position) from leftfold_parked_events where subscription = ? and stream = ?)`,
      [subscription, stream, subscription, stream],
    );
  }
}

function parkedCount(row: CountRow | undefined): ParkedCount {
  const dueIn = row?.due_in ?? null;
  return { parked: Number(row?.parked ?? 0), dueIn: dueIn === null ? undefined : Math.max(Number(dueIn), 0) };
}
