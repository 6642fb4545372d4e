import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { CheckpointMove, LeaseCheckpoints } from '../states/stored-checkpoints.js';

/** The checkpoints of ranges. Every write is fenced by the epoch of the lease; see `admits`. */
export class RangeCheckpoints implements LeaseCheckpoints {
  private readonly now: string;

  constructor(
    private readonly database: OpenDatabase,
    /** With the ranges; see `RangeTables`. */
    private readonly table: string,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
  }

  async advance(manager: EntityManager, { name, epoch }: Lease, move: CheckpointMove): Promise<void> {
    const parked = move.parked ?? 0;
    const { affected } = await execute(
      manager.queryRunner!,
      `update ${this.table} set position = ?, handled = handled + ?, parked = parked + ?,
              event_id = coalesce(?, event_id), expires_at = ${this.now} + ?, attempt_position = null, attempts = 0, restarts = 0,
              last_error = case when ? > 0 then coalesce(?, last_error) end
        where subscription = ? and epoch = ? and position = ?`,
      [move.to, move.handled, parked, move.eventId, this.leaseTtl, parked, move.error ?? null, name, epoch, move.from],
    );
    if (affected !== 1) throw new LeaseLostError(name);
  }

  async countAttempt({ name, epoch }: Lease, position: number, deaths: number): Promise<number> {
    const { rows } = await this.database.write.statement<{ attempts: number }>(
      `update ${this.table} set
              attempts = case when attempt_position = ? then case when attempts > ? then attempts else attempts + 1 end
                              else 1 end,
              attempt_position = ?
        where subscription = ? and epoch = ? returning attempts`,
      [position, deaths, position, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return rows[0].attempts;
  }

  async confirm({ name, epoch }: Lease, error: string): Promise<number> {
    const { rows } = await this.database.write.statement<{ position: number | string }>(
      `update ${this.table} set last_error = ? where subscription = ? and epoch = ? returning position`,
      [error, name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return Number(rows[0].position);
  }
}
