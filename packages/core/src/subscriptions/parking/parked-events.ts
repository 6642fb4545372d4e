import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { LeaseLostError, type Lease } from '../states/lease.js';
import type { Failure } from './failure.js';
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

/** The first parked event of a stream, when it is due. */
export interface DueEvent {
  readonly id: string;
  readonly stream: string;
  readonly position: number;
  /** Attempts before this one, since it was parked or an operator requested a retry. */
  readonly tries: number;
}

/** A process that slept beyond its lease must not overwrite the work of the next owner. */
const OWNED = 'exists (select 1 from leftfold_subscriptions s where s.name = ? and s.epoch = ?)';

/** A subscription's parked events. The first one of each stream is retried, and the others wait behind it. */
export class ParkedEvents {
  private readonly now: string;

  constructor(private readonly database: OpenDatabase) {
    this.now = database.write.dialect.now;
  }

  /**
   * Parks events, in a transaction that has already written the subscription's row of state. Every transaction that
   * changes parked events writes that row first, so that they run one after the other and no event is left waiting
   * without a predecessor.
   */
  async park(manager: EntityManager, subscription: string, parkings: readonly Parking[]): Promise<void> {
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

  /** Number of parked events, and when the next one is due, in ms from now. */
  async nextDue(subscription: string): Promise<{ parked: number; dueIn: number | undefined }> {
    const rows = await select<{ parked: number | string; due_in: number | string | null }>(
      this.database.read,
      `select count(*) as parked, min(due_at) - ${this.now} as due_in from leftfold_parked_events where subscription = ?`,
      [subscription],
    );
    const { parked, due_in: dueIn } = rows[0]!;
    return { parked: Number(parked), dueIn: dueIn === null ? undefined : Math.max(Number(dueIn), 0) };
  }

  /** Makes events due whose due time is more than this many ms ahead. */
  async makeImpossibleTimesDue(subscription: string, ahead: number): Promise<void> {
    await this.database.write.statement(
      `update leftfold_parked_events set due_at = ${this.now}
        where subscription = ? and state = 'retrying' and due_at > ${this.now} + ?`,
      [subscription, Math.ceil(ahead)],
    );
  }

  due(subscription: string, limit: number): Promise<DueEvent[]> {
    return this.selectDue('subscription = ? and due_at <=', [subscription], limit);
  }

  async dueAlone(subscription: string, id: string): Promise<DueEvent | undefined> {
    const [due] = await this.selectDue('subscription = ? and id = ? and due_at <=', [subscription, id], 1);
    return due;
  }

  /** Error of the last attempt, if it is known. */
  async lastFailure(id: string): Promise<Failure | undefined> {
    const [row] = await select<{ error: string | null; stack: string | null }>(
      this.database.read,
      'select error, stack from leftfold_parked_events where id = ?',
      [id],
    );
    return row && row.error !== null ? { message: row.error, stack: row.stack } : undefined;
  }

  /**
   * Records an attempt before it is made, and when the next one is due if the process crashes during it.
   * @returns whether to make it: the event is still to be retried, and this process still owns the subscription
   */
  async countAttempt({ name, epoch }: Lease, { id }: DueEvent, dueIn: number): Promise<boolean> {
    const { affected } = await this.database.write.statement(
      `update leftfold_parked_events set tries = tries + 1, attempts = attempts + 1, due_at = ${this.now} + ?
        where id = ? and state = 'retrying' and ${OWNED}`,
      [Math.ceil(dueIn), id, name, epoch],
    );
    return affected === 1;
  }

  /**
   * Records the failure of an attempt. Does nothing if the process has lost the subscription in the meantime.
   * @param dueIn in ms; undefined when its attempts are used up
   */
  async failed(
    { name, epoch }: Lease,
    { id }: DueEvent,
    { message, stack }: Failure,
    dueIn: number | undefined,
  ): Promise<void> {
    await this.database.write.statement(
      `update leftfold_parked_events set state = ?, due_at = ${dueIn === undefined ? '?' : `${this.now} + ?`},
              first_failed_at = coalesce(first_failed_at, ${this.now}), last_failed_at = ${this.now}, error = ?, stack = ?
        where id = ? and state = 'retrying' and ${OWNED}`,
      [
        dueIn === undefined ? 'dead' : 'retrying',
        dueIn === undefined ? null : Math.ceil(dueIn),
        message,
        stack,
        id,
        name,
        epoch,
      ],
    );
  }

  /**
   * Removes a handled event, so that the next one of its stream is tried.
   * @param alongside stores the handler's consequences in the same transaction
   * @throws LeaseLostError
   */
  handled(
    { name, epoch }: Lease,
    { id, stream, position }: DueEvent,
    alongside: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    return this.database.write.transaction(async (manager) => {
      const { affected: owned } = await execute(
        manager.queryRunner!,
        'update leftfold_subscriptions set last_error = case when parked > 1 then last_error end where name = ? and epoch = ?',
        [name, epoch],
      );
      if (owned !== 1) throw new LeaseLostError(name);
      // An operator may have discarded it in the meantime.
      if (!(await this.remove(manager, id))) return;
      await alongside(manager);
      await this.count(manager, name, position, 'handled');
      await this.wakeNext(manager, name, stream);
    });
  }

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

  private async selectDue(condition: string, parameters: readonly unknown[], limit: number): Promise<DueEvent[]> {
    const rows = await select<Omit<DueEvent, 'position'> & { readonly position: number | string }>(
      this.database.read,
      `select id, stream, position, tries from leftfold_parked_events
        where ${condition} ${this.now} order by due_at, position limit ?`,
      [...parameters, limit],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }
}
