import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import { Gathered } from '../../databases/gathered.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { joinedRange, type RangeColumns } from '../ranges/range-columns.js';
import type { RangeRow } from '../ranges/range-row.js';
import { partsOf } from '../ranges/with-ranges.js';
import type { StoredRanges } from '../ranges/stored-ranges.js';
import { type Adopt, type Claim, type ClaimRequest, Claims } from './claims.js';
import type { LeasedStates } from './leased-states.js';
import type { Lease } from './lease.js';
import { checkLease, LONGEST_LEASE } from './longest-lease.js';
import { restartIn, type RestartPause, type Stop } from './restart.js';
import { type StateTable, StoredCheckpoints } from './stored-checkpoints.js';
import { type LeasedRow, SPLIT, type SubscriptionRow, subscriptionRow } from './subscription-row.js';

/** What the code of this program declares about a subscription. */
export interface SubscriptionDeclaration {
  readonly name: string;
  readonly version: number;
  /** Stored types of the events that it handles, sorted. */
  readonly types: readonly string[];
}

/** Events that were parked before the count of a subscription began again. Its index makes that a short look. */
const PARKED_BEFORE =
  '(select count(*) from leftfold_parked_events p where p.subscription = s.name and p.position <= s.start_position)';

type Columns = Parameters<typeof subscriptionRow>[0];

/** Rows of state in one database. Only the database's clock decides about leases. */
export class SubscriptionStates implements LeasedStates {
  readonly checkpoints: StoredCheckpoints;
  /** The database's clock, as SQL. */
  readonly now: string;
  private readonly columns: string;
  private readonly claims: Claims;
  private readonly releases = new Gathered<Lease, void>((leases) => this.releaseAll(leases));

  constructor(
    private readonly database: OpenDatabase,
    readonly table: StateTable,
    /** Identifies this process among those that share the database. */
    readonly owner: string,
    /** In ms. */
    private readonly leaseTtl: number,
    readonly restartPause: RestartPause,
    /** The ranges of subscriptions that are split between nodes. */
    readonly ranges: StoredRanges,
  ) {
    this.now = database.write.dialect.now;
    checkLease(leaseTtl);
    this.checkpoints = new StoredCheckpoints(database, { name: table, key: 'name', countsParked: 'now' }, leaseTtl);
    const ahead = `s.expires_at > ${this.now} + ${LONGEST_LEASE}`;
    this.columns = `s.*, (s.owner is null or s.expires_at < ${this.now} or ${ahead}) as is_free, ${restartIn('s.restart_at', this.now)} as restart_in,
      case when s.expires_at > 0 then ${this.now} - s.expires_at end as free_for`;
    this.claims = new Claims(database, table, this.columns, owner, leaseTtl);
  }

  /** Creates the row of a new subscription, which begins to count at `start`. */
  async ensure({ name, version, types }: SubscriptionDeclaration, logId: string, start: number): Promise<void> {
    await this.database.write.statement(
      `insert into ${this.table} (name, version, types, declared_types, log_id, start_position, position, handled, epoch, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, 0, 0, ${this.now}) on conflict (name) do nothing`,
      [name, version, JSON.stringify(types), JSON.stringify(types), logId, start, start],
    );
  }

  /**
   * Rows whose owner did not store when it released them, as earlier versions did, count as free from now on; see `freeFor`.
   */
  async stampFree(): Promise<void> {
    await this.database.write.statement(
      `update ${this.table} set expires_at = ${this.now} where owner is null and expires_at = 0`,
      [],
    );
  }

  /** Read models park no events: their database has no table for them. */
  private get parksEvents(): boolean {
    return this.table === 'leftfold_subscriptions';
  }

  /** All rows. Those that are split between nodes are as far as their ranges. */
  async list(): Promise<SubscriptionRow[]> {
    const columns = this.parksEvents ? `${this.columns}, ${PARKED_BEFORE} as parked_before` : this.columns;
    const sql = this.ranges.joinTo(columns);
    const rows = new Map<string, { row: SubscriptionRow; ranges: RangeRow[] }>();
    for (const columns of await this.database.read.query<RangeColumns[]>(sql)) {
      const name = columns.name as string;
      const entry = rows.get(name) ?? { row: subscriptionRow(columns), ranges: [] };
      rows.set(name, entry);
      const range = joinedRange(columns);
      if (range) entry.ranges.push(range);
    }
    return [...rows.values()].map(({ row, ranges }) => partsOf(row, ranges));
  }

  /**
   * Renews all leases of this process.
   * @returns what it owns
   */
  async renew(): Promise<LeasedRow[]> {
    const { rows } = await this.database.write.statement<Columns>(
      `update ${this.table} set expires_at = ${this.now} + ?
        where owner = ? and name in (${this.inOrder('owner = ?')}) returning *, 0 as is_free`,
      [this.leaseTtl, this.owner, this.owner],
    );
    return [...rows.map(subscriptionRow), ...(await this.ranges.renew())];
  }

  /** A transaction in the database of these rows; see `WriteDatabase`. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.write.transaction(work);
  }

  /**
   * Claims the lease, if the subscription has no owner or its owner's lease has expired. See `Claims`.
   * @param restart also when it was stopped after an error
   * @param adopt called with the locked row, and with whether the previous owner did not release its lease
   */
  claim(name: string, restart: boolean, adopt: Adopt): Promise<Claim | undefined> {
    return this.claims.claim({ name, restart, adopt });
  }

  /** Like `claim`, in a transaction that has locked the row. */
  claimLocked(manager: EntityManager, request: ClaimRequest): Promise<Claim | undefined> {
    return this.claims.claimLocked(manager, request);
  }

  /** Releases the lease. Leases that are released together share a statement. */
  release(lease: Lease): Promise<void> {
    return this.releases.ask(lease);
  }

  /** See `LeasedStates`. A pause that was requested stays. */
  async stop({ name, epoch }: Lease, stop: Stop): Promise<boolean> {
    const { affected } = await this.database.write.statement(
      `update ${this.table} set owner = null, expires_at = ${this.now}, last_error = ?, restarts = ?, restart_at = ${this.now} + ?,
              halted = case when halted = 'paused' then halted else 'stopped' end
        where name = ? and epoch = ? and restarts = ?`,
      [stop.error, stop.restarts, stop.restartIn, name, epoch, stop.restarts - 1],
    );
    return affected > 0;
  }

  /** Stops what runs as ranges, after an error of one of them. */
  async halt(manager: EntityManager, name: string, error: string): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update ${this.table} set halted = 'stopped', last_error = ? where name = ? and owner = ?`,
      [error, name, SPLIT],
    );
  }

  /** Requests a pause; the owner acts on it. */
  async pause(name: string): Promise<void> {
    await this.database.write.statement(`update ${this.table} set halted = 'paused' where name = ?`, [name]);
  }

  async resume(name: string): Promise<void> {
    await this.database.write.statement(
      `update ${this.table} set halted = case when owner = ? then owner end, last_error = null,
              attempt_position = null, attempts = 0, restarts = 0, restart_at = null
        where name = ? and (halted is not null or restarts > 0)`,
      [SPLIT, name],
    );
    await this.ranges.resume(name);
  }

  /**
   * Sets the types of the events that are counted. Events that are parked or were discarded before stay so.
   * @param fromHere starts the count here; otherwise these types were counted from the start
   */
  async recount(manager: EntityManager, { name, types }: SubscriptionDeclaration, fromHere: boolean): Promise<void> {
    const discarded = this.parksEvents ? 'discarded_before = discarded' : 'discarded = 0';
    const counts = fromHere ? `, start_position = position, handled = 0, parked = 0, ${discarded}` : '';
    await execute(manager.queryRunner!, `update ${this.table} set types = ?${counts} where name = ?`, [
      JSON.stringify(types),
      name,
    ]);
  }

  /** Revokes the lease of the current owner, so that it starts again with the current state. */
  async revoke(manager: EntityManager, name: string): Promise<void> {
    await this.ranges.revoke(manager, name);
    await execute(
      manager.queryRunner!,
      `update ${this.table} set owner = case when owner = ? then owner end, epoch = epoch + 1, expires_at = ${this.now} where name = ?`,
      [SPLIT, name],
    );
  }

  private async releaseAll(leases: readonly Lease[]): Promise<void[]> {
    const isLease = leases.map(() => '(name = ? and epoch = ?)').join(' or ');
    const values = leases.flatMap(({ name, epoch }) => [name, epoch]);
    await this.database.write.statement(
      `update ${this.table} set owner = null, expires_at = ${this.now} where (${isLease}) and name in (${this.inOrder(isLease)})`,
      [...values, ...values],
    );
    return leases.map(() => undefined);
  }

  /**
   * Names of rows, which it locks one after the other. A renewal and a release at the same time would wait for each other
   * if they locked the same rows in different orders.
   */
  private inOrder(condition: string): string {
    return `select name from ${this.table} where ${condition} order by name ${this.database.write.dialect.forUpdate}`;
  }

  /** Locks the row. One that is split between nodes is as far as its ranges, which are not locked. */
  async lock(manager: EntityManager, name: string): Promise<SubscriptionRow | undefined> {
    const row = await this.lockAlone(manager, name);
    return row?.owner === SPLIT ? partsOf(row, await this.ranges.of(manager, name)) : row;
  }

  /** Locks the row of state, and reads what it says itself. */
  async lockAlone(manager: EntityManager, name: string): Promise<SubscriptionRow | undefined> {
    const { rows } = await execute<Columns>(
      manager.queryRunner!,
      `select ${this.columns} from ${this.table} s where s.name = ? ${this.database.write.dialect.forUpdate}`,
      [name],
    );
    return rows[0] && subscriptionRow(rows[0]);
  }
}
