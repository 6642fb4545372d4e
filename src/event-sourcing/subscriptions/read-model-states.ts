import type { DataSource, EntityManager } from 'typeorm';
import { NOW_IN_MS } from '../databases/now.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { numbered } from '../databases/placeholders.js';

/** The right to write a read model, as long as nobody else took it. */
export interface Lease {
  readonly name: string;
  readonly epoch: number;
}

export interface ReadModelState {
  readonly name: string;
  readonly version: number;
  readonly logId: string;
  readonly position: number;
  /** The last event that was handled, if one was. */
  readonly eventId: string | null;
  readonly handled: number;
  readonly owner: string | null;
  readonly lastError: string | null;
}

/** Somebody else has taken the read model over; what this process wanted to write is rolled back. */
export class LeaseLostError extends Error {
  constructor(name: string) {
    super(`The read model "${name}" was taken over by another process.`);
    this.name = 'LeaseLostError';
  }
}

interface StateRow {
  readonly name: string;
  readonly version: number;
  readonly log_id: string;
  readonly position: number | string;
  readonly event_id: string | null;
  readonly handled: number | string;
  readonly owner: string | null;
  readonly epoch: number | string;
  readonly last_error: string | null;
}

/** Reads and writes the rows of state. Leases are judged by the database's clock alone. */
export class ReadModelStates {
  private readonly now: string;

  constructor(
    private readonly views: OpenDatabase,
    /** Names this process among those that share the database. */
    private readonly owner: string,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = NOW_IN_MS[views.write.kind];
  }

  /**
   * Takes the read model over, if it has no owner, or one that has been silent for the lease's time.
   * @param restart also when it has stopped after an error
   */
  claim(name: string, version: number, logId: string, restart: boolean): Promise<(Lease & ReadModelState) | undefined> {
    return this.views.write.transaction(async (manager) => {
      await this.execute(
        manager,
        `insert into read_models (name, version, log_id, position, handled, epoch, expires_at)
         values (?, ?, ?, 0, 0, 0, 0) on conflict (name) do nothing`,
        [name, version, logId],
      );
      const claimed = await this.execute(
        manager,
        `update read_models set owner = ?, epoch = epoch + 1, expires_at = ${this.now} + ?, last_error = null
          where name = ? and (owner is null or owner = ? or expires_at < ${this.now})
            and (last_error is null or ? = 1)`,
        [this.owner, this.leaseTtl, name, this.owner, restart ? 1 : 0],
      );
      if (claimed === 0) return undefined;
      const [row] = await this.select(manager, 'where name = ?', [name]);
      return { ...stateOf(row!), epoch: Number(row!.epoch) };
    });
  }

  /**
   * Moves the checkpoint within the transaction of the rows.
   * @throws LeaseLostError when the lease or the checkpoint is not this process's any more
   */
  async advance(
    manager: EntityManager,
    { name, epoch }: Lease,
    move: { from: number; to: number; handled: number; eventId: string | null },
  ): Promise<void> {
    const moved = await this.execute(
      manager,
      `update read_models set position = ?, handled = handled + ?, event_id = coalesce(?, event_id),
              expires_at = ${this.now} + ?
        where name = ? and epoch = ? and position = ?`,
      [move.to, move.handled, move.eventId, this.leaseTtl, name, epoch, move.from],
    );
    if (moved !== 1) throw new LeaseLostError(name);
  }

  /** Signs of life for everything that this process owns. */
  async renew(): Promise<void> {
    await this.views.write.transaction((manager) =>
      this.execute(manager, `update read_models set expires_at = ${this.now} + ? where owner = ?`, [
        this.leaseTtl,
        this.owner,
      ]),
    );
  }

  /** Gives the lease back; with an error, the read model stops until somebody starts it again. */
  async release({ name, epoch }: Lease, lastError: string | null): Promise<void> {
    await this.views.write.transaction((manager) =>
      this.execute(
        manager,
        'update read_models set owner = null, expires_at = 0, last_error = ? where name = ? and epoch = ?',
        [lastError, name, epoch],
      ),
    );
  }

  async list(): Promise<ReadModelState[]> {
    return (await this.select(this.views.read, 'order by name', [])).map(stateOf);
  }

  private select(on: EntityManager | DataSource, rest: string, parameters: unknown[]): Promise<StateRow[]> {
    return on.query<StateRow[]>(this.sql(`select * from read_models ${rest}`), parameters);
  }

  private async execute(manager: EntityManager, sql: string, parameters: unknown[]): Promise<number> {
    const result = await manager.queryRunner!.query(this.sql(sql), parameters, true);
    return result.affected ?? 0;
  }

  private sql(text: string): string {
    return this.views.write.kind === 'postgres' ? numbered(text) : text;
  }
}

function stateOf(row: StateRow): ReadModelState {
  return {
    name: row.name,
    version: row.version,
    logId: row.log_id,
    position: Number(row.position),
    eventId: row.event_id,
    handled: Number(row.handled),
    owner: row.owner,
    lastError: row.last_error,
  };
}
