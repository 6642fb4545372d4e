import type { EntityManager } from 'typeorm';
import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { Lease } from '../states/lease.js';
import type { Failure } from './failure.js';
import type { ParkedEvents } from './parked-events.js';
import { inPartitionsOf, isOwned, lockOwned } from './parked-part.js';

/** The first parked event of a stream, when it is due. */
export interface DueEvent {
  readonly id: string;
  readonly stream: string;
  readonly position: number;
  /** Attempts before this one, since it was parked or an operator requested a retry. */
  readonly tries: number;
}

/** Parked events that are due, and the outcomes of their retries. */
export class DueEvents {
  private readonly now: string;

  constructor(
    private readonly database: OpenDatabase,
    private readonly parked: ParkedEvents,
  ) {
    this.now = database.write.dialect.now;
  }

  /** The next due events that a lease is for: the first parked one of each stream. */
  list({ name, part }: Lease, limit: number): Promise<DueEvent[]> {
    const inPart = inPartitionsOf(part);
    return this.selectDue(`subscription = ? ${inPart.sql} and due_at <=`, [name, ...inPart.parameters], limit);
  }

  /** The parked event with this id, if it is due. */
  async find({ name, part }: Lease, id: string): Promise<DueEvent | undefined> {
    const inPart = inPartitionsOf(part);
    const condition = `subscription = ? and id = ? ${inPart.sql} and due_at <=`;
    const [due] = await this.selectDue(condition, [name, id, ...inPart.parameters], 1);
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
  async countAttempt(lease: Lease, { id }: DueEvent, dueIn: number): Promise<boolean> {
    const { affected } = await this.database.write.statement(
      `update leftfold_parked_events set tries = tries + 1, attempts = attempts + 1, due_at = ${this.now} + ?
        where id = ? and state = 'retrying' and ${isOwned(lease)}`,
      [Math.ceil(dueIn), id, lease.name, lease.epoch],
    );
    return affected === 1;
  }

  /** Takes back an attempt that says nothing of the event. Does nothing if the process has lost the subscription. */
  async uncountAttempt(lease: Lease, { id }: DueEvent): Promise<void> {
    await this.database.write.statement(
      `update leftfold_parked_events set tries = tries - 1, attempts = attempts - 1
        where id = ? and state = 'retrying' and tries > 0 and ${isOwned(lease)}`,
      [id, lease.name, lease.epoch],
    );
  }

  /**
   * Records the failure of an attempt. Does nothing if the process has lost the subscription in the meantime.
   * @param dueIn in ms; undefined when its attempts are used up
   */
  async failed(lease: Lease, { id }: DueEvent, { message, stack }: Failure, dueIn: number | undefined): Promise<void> {
    await this.database.write.statement(
      `update leftfold_parked_events set state = ?, due_at = ${dueIn === undefined ? '?' : `${this.now} + ?`},
              first_failed_at = coalesce(first_failed_at, ${this.now}), last_failed_at = ${this.now}, error = ?, stack = ?
        where id = ? and state = 'retrying' and ${isOwned(lease)}`,
      [
        dueIn === undefined ? 'dead' : 'retrying',
        dueIn === undefined ? null : Math.ceil(dueIn),
        message,
        stack,
        id,
        lease.name,
        lease.epoch,
      ],
    );
  }

  /**
   * Removes a handled event, so that the next one of its stream is tried.
   * @param alongside stores the handler's consequences in the same transaction
   * @throws LeaseLostError
   */
  handled(
    lease: Lease,
    { id, stream, position }: DueEvent,
    alongside: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    return this.database.write.transaction(async (manager) => {
      await lockOwned(manager, lease);
      // An operator may have discarded it in the meantime.
      if (!(await this.parked.remove(manager, id))) return;
      await alongside(manager);
      await this.parked.count(manager, lease.name, position, 'handled');
      await this.parked.wakeNext(manager, lease.name, stream);
    });
  }

  private async selectDue(condition: string, parameters: readonly unknown[], limit: number): Promise<DueEvent[]> {
    const rows = await select<Omit<DueEvent, 'position'> & { readonly position: number | string }>(
      this.database.read,
      `select id, stream, position, tries from leftfold_parked_events p
        where ${condition} ${this.now} order by due_at, position limit ?`,
      [...parameters, limit],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }
}
