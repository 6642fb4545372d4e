import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { Lease, LeaseLostError } from './lease.js';
import { checkLease, LONGEST_LEASE } from './longest-lease.js';
import { type SubscriptionRow, subscriptionRow } from './subscription-row.js';

/** What the code of this program declares about a subscription. */
export interface SubscriptionDeclaration {
  readonly name: string;
  readonly version: number;
  /** Stored types of the events that it handles, sorted. */
  readonly types: readonly string[];
}

/** How a checkpoint moves, and the outcomes of the events in between. */
export interface CheckpointMove {
  readonly from: number;
  readonly to: number;
  readonly handled: number;
  readonly parked?: number;
  readonly eventId: string | null;
  /** Why events were parked. */
  readonly error?: string;
}

export interface Claim {
  readonly lease: Lease;
  readonly row: SubscriptionRow;
  /** Whether the previous owner did not release the lease: it may have crashed. */
  readonly abandoned: boolean;
}

type Columns = Parameters<typeof subscriptionRow>[0];

/** Rows of state in one database. Only the database's clock decides about leases. */
export class SubscriptionStates {
  private readonly now: string;
  private readonly columns: string;

  constructor(
    private readonly database: OpenDatabase,
    private readonly table: 'leftfold_read_models' | 'leftfold_subscriptions',
    /** Identifies this process among those that share the database. */
    readonly owner: string,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
    checkLease(leaseTtl);
    const ahead = `s.expires_at > ${this.now} + ${LONGEST_LEASE}`;
    this.columns = `s.*, (s.owner is null or s.expires_at < ${this.now} or ${ahead}) as is_free`;
  }

  /** Creates the row of a new subscription, which begins to count at `start`. */
  async ensure({ name, version, types }: SubscriptionDeclaration, logId: string, start: number): Promise<void> {
    await this.database.write.statement(
      `insert into ${this.table} (name, version, types, log_id, start_position, position, handled, epoch, expires_at)
       values (?, ?, ?, ?, ?, ?, 0, 0, 0) on conflict (name) do nothing`,
      [name, version, JSON.stringify(types), logId, start, start],
    );
  }

  async list(): Promise<SubscriptionRow[]> {
    const rows = await this.database.read.query<Columns[]>(
      `select ${this.columns} from ${this.table} s order by s.name`,
    );
    return rows.map(subscriptionRow);
  }

  /**
   * Renews all leases of this process.
   * @returns the rows that it owns
   */
  async renew(): Promise<SubscriptionRow[]> {
    const { rows } = await this.database.write.statement<Columns>(
      `update ${this.table} set expires_at = ${this.now} + ? where owner = ? returning *, 0 as is_free`,
      [this.leaseTtl, this.owner],
    );
    return rows.map(subscriptionRow);
  }

  /** A transaction in the database of these rows; see `WriteDatabase`. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.write.transaction(work);
  }

  /**
   * Claims the lease, if the subscription has no owner or its owner's lease has expired.
   * @param restart also when it was stopped after an error
   * @param adopt updates the row, which is locked, to match this program; returns whether it may run
   */
  claim(
    name: string,
    restart: boolean,
    adopt: (row: SubscriptionRow, manager: EntityManager) => Promise<boolean>,
  ): Promise<Claim | undefined> {
    const askedAt = performance.now();
    return this.database.write.transaction(async (manager) => {
      const row = await this.lock(manager, name);
      if (!row || row.halted === 'paused' || (row.halted === 'stopped' && !restart)) return undefined;
      if (!row.isFree && row.owner !== this.owner) return undefined;
      if (!(await adopt(row, manager))) return undefined;
      const claimed = await execute<Columns>(
        manager.queryRunner!,
        `update ${this.table} set owner = ?, epoch = epoch + 1, expires_at = ${this.now} + ?, halted = null
          where name = ? returning *, 0 as is_free`,
        [this.owner, this.leaseTtl, name],
      );
      const lease = new Lease(name, row.epoch + 1, this.leaseTtl, askedAt);
      const abandoned = row.owner !== null && row.owner !== this.owner;
      return { lease, row: subscriptionRow(claimed.rows[0]!), abandoned };
    });
  }

  /**
   * Moves the checkpoint in the transaction of the work.
   * @throws LeaseLostError when this process no longer has the lease, or the checkpoint was moved by another
   */
  async advance(manager: EntityManager, { name, epoch }: Lease, move: CheckpointMove): Promise<void> {
    const { affected } = await execute(
      manager.queryRunner!,
      `update ${this.table} set position = ?, handled = handled + ?, parked = parked + ?, event_id = coalesce(?, event_id),
              expires_at = ${this.now} + ?, attempt_position = null, attempts = 0,
              last_error = case when parked + ? > 0 then coalesce(?, last_error) end
        where name = ? and epoch = ? and position = ?`,
      [
        move.to,
        move.handled,
        move.parked ?? 0,
        move.eventId,
        this.leaseTtl,
        move.parked ?? 0,
        move.error ?? null,
        name,
        epoch,
        move.from,
      ],
    );
    if (affected !== 1) throw new LeaseLostError(name);
  }

  /**
   * Records that the event at this position is delivered alone.
   * @returns the number of attempts, including this one; at most one more than the allowed crashes
   * @throws LeaseLostError
   */
  async countAttempt({ name, epoch }: Lease, position: number, deaths: number): Promise<number> {
    const { rows } = await this.database.write.statement<{ attempts: number }>(
      `update ${this.table} set
              attempts = case when attempt_position = ? then case when attempts > ? then attempts else attempts + 1 end
                              else 1 end,
              attempt_position = ?
        where name = ? and epoch = ? returning attempts`,
      [position, deaths, position, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return rows[0].attempts;
  }

  /**
   * Records a failure that will be retried.
   * @returns the stored position
   * @throws LeaseLostError
   */
  async confirm({ name, epoch }: Lease, error: string): Promise<number> {
    const { rows } = await this.database.write.statement<{ position: number | string }>(
      `update ${this.table} set last_error = ? where name = ? and epoch = ? returning position`,
      [error, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return Number(rows[0].position);
  }

  /** Releases the lease. */
  async release({ name, epoch }: Lease): Promise<void> {
    await this.database.write.statement(
      `update ${this.table} set owner = null, expires_at = 0 where name = ? and epoch = ?`,
      [name, epoch],
    );
  }

  /** Releases the lease after an error. The subscription stays stopped until it is resumed. */
  async stop({ name, epoch }: Lease, error: string): Promise<void> {
    await this.database.write.statement(
      `update ${this.table} set owner = null, expires_at = 0, halted = 'stopped', last_error = ? where name = ? and epoch = ?`,
      [error, name, epoch],
    );
  }

  /** Requests a pause; the owner acts on it. */
  async pause(name: string): Promise<void> {
    await this.database.write.statement(`update ${this.table} set halted = 'paused' where name = ?`, [name]);
  }

  async resume(name: string): Promise<void> {
    await this.database.write.statement(
      `update ${this.table} set halted = null, last_error = null, attempt_position = null, attempts = 0
        where name = ? and halted is not null`,
      [name],
    );
  }

  /**
   * Sets the types of the events that are counted.
   * @param fromHere starts the count here; otherwise these types were counted from the start
   */
  async recount(manager: EntityManager, { name, types }: SubscriptionDeclaration, fromHere: boolean): Promise<void> {
    const counts = fromHere ? ', start_position = position, handled = 0, discarded = 0, parked = 0' : '';
    await execute(manager.queryRunner!, `update ${this.table} set types = ?${counts} where name = ?`, [
      JSON.stringify(types),
      name,
    ]);
  }

  /** Revokes the lease of the current owner, so that it starts again with the current state. */
  async revoke(manager: EntityManager, name: string): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update ${this.table} set owner = null, epoch = epoch + 1, expires_at = 0 where name = ?`,
      [name],
    );
  }

  async lock(manager: EntityManager, name: string): Promise<SubscriptionRow | undefined> {
    const { rows } = await execute<Columns>(
      manager.queryRunner!,
      `select ${this.columns} from ${this.table} s where s.name = ? ${this.database.write.dialect.forUpdate}`,
      [name],
    );
    return rows[0] && subscriptionRow(rows[0]);
  }
}
