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

/** What a subscription has parked. */
export interface ParkedWork {
  /** Whether there are parked events. */
  readonly some: boolean;
  /** When the next one is due, in ms from now. */
  readonly dueIn: number | undefined;
}

interface WorkRow {
  readonly parked: number;
  readonly due_in: number | string | null;
}

/** A subscription's parked events. The first one of each stream is retried, and the others wait behind it. */
export class ParkedEvents {
  private readonly now: string;
  private readonly work = new Gathered<string, ParkedWork>((subscriptions) => this.workOf(subscriptions));

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
      `select s.value as stream from ${dialect.jsonTexts} s
        where exists (select 1 from leftfold_parked_events p where p.subscription = ? and p.stream = s.value)`,
      [JSON.stringify(streams), subscription],
    );
    return new Set(rows.map(({ stream }) => stream));
  }

  /** What is parked of a lease. Subscriptions that ask together share a statement. */
  nextDue({ name, part }: Lease): Promise<ParkedWork> {
    return part ? this.workOfPart(name, part) : this.work.ask(name);
  }

  private async workOfPart(subscription: string, part: LeasedPart): Promise<ParkedWork> {
    const inPart = inPartitionsOf(part);
    const parameters = [subscription, ...inPart.parameters];
    const rows = await select<WorkRow>(this.database.read, `select ${this.workColumns('?', inPart.sql)}`, [
      ...parameters,
      ...parameters,
    ]);
    return parkedWork(rows[0]!);
  }

  private async workOf(subscriptions: readonly string[]): Promise<ParkedWork[]> {
    const { dialect } = this.database.write;
    const rows = await select<WorkRow & { subscription: string }>(
      this.database.read,
      `select s.value as subscription, ${this.workColumns('s.value', '')} from ${dialect.jsonTexts} s`,
      [JSON.stringify([...new Set(subscriptions)])],
    );
    const found = new Map(rows.map((row) => [row.subscription, parkedWork(row)]));
    return subscriptions.map((subscription) => found.get(subscription)!);
  }

  /** Both stop at the first event that they find, because a subscription may have parked very many. */
  private workColumns(subscription: string, condition: string): string {
    const parked = `from leftfold_parked_events p where p.subscription = ${subscription}`;
    return `case when exists (select 1 ${parked} ${condition}) then 1 else 0 end as parked,
            (select p.due_at ${parked} and p.due_at is not null ${condition} order by p.due_at limit 1) - ${this.now} as due_in`;
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

  /**
   * Counts a parked event as handled or discarded. One from before counting began is not counted as handled, and is kept
   * apart from the others that were discarded.
   */
  async count(
    manager: EntityManager,
    subscription: string,
    position: number,
    as: 'handled' | 'discarded',
  ): Promise<void> {
    const { affected } = await execute(
      manager.queryRunner!,
      `update leftfold_subscriptions set parked = parked - 1, ${as} = ${as} + 1 where name = ? and start_position < ?`,
      [subscription, position],
    );
    if (affected === 1 || as === 'handled') return;
    await execute(
      manager.queryRunner!,
      'update leftfold_subscriptions set discarded = discarded + 1, discarded_before = discarded_before + 1 where name = ?',
      [subscription],
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

function parkedWork({ parked, due_in: dueIn }: WorkRow): ParkedWork {
  return { some: parked === 1, dueIn: dueIn === null ? undefined : Math.max(Number(dueIn), 0) };
}
