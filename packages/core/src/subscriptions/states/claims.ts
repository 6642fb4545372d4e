import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { Lease } from './lease.js';
import type { StateTable } from './stored-checkpoints.js';
import { isHalted } from './restart.js';
import { SPLIT, type SubscriptionRow, subscriptionRow } from './subscription-row.js';

/** Updates a claimed row to match this program. Returns whether the subscription may run here. */
export type Adopt = (row: SubscriptionRow, manager: EntityManager, isAbandoned: boolean) => Promise<boolean>;

export interface Claim {
  readonly lease: Lease;
  readonly row: SubscriptionRow;
  /** The owner that did not release its lease: it may have crashed. Null if there is none. */
  readonly abandonedBy: string | null;
}

export interface ClaimRequest {
  readonly name: string;
  /** Also when it was stopped after an error and its pause is not over. */
  readonly restart: boolean;
  readonly adopt: Adopt;
}

interface Waiting extends ClaimRequest {
  resolve(claim: Claim | undefined | Promise<Claim | undefined>): void;
}

type Columns = Parameters<typeof subscriptionRow>[0];

/**
 * Claims leases in one database. Claims that are requested together share a transaction, because a process that starts
 * claims all of its subscriptions, and each transaction at the same time takes a connection.
 */
export class Claims {
  private waiting: Waiting[] = [];

  constructor(
    private readonly database: OpenDatabase,
    private readonly table: StateTable,
    /** Columns of a row of state, of the table alias `s`. */
    private readonly columns: string,
    private readonly owner: string,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {}

  /**
   * Claims the lease, if the subscription has no owner or its owner's lease has expired. A lease that was not released
   * is counted as an attempt, because its owner may have crashed on an event. The count is in the same transaction, so
   * that it survives a failure right after the claim.
   */
  claim(request: ClaimRequest): Promise<Claim | undefined> {
    return new Promise((resolve) => {
      this.waiting.push({ ...request, resolve });
      if (this.waiting.length === 1) queueMicrotask(() => void this.claimWaiting());
    });
  }

  /** A row that another transaction holds, and a claim that fails, neither delay the other claims nor fail them. */
  private async claimWaiting(): Promise<void> {
    const waiting = this.waiting.splice(0);
    // Two claims of one subscription follow each other, because only the later one may keep the lease.
    const first = new Map(waiting.toReversed().map((each) => [each.name, each]));
    const claims = first.size > 1 ? await this.claimTogether(first) : new Map<string, Claim | undefined>();
    for (const each of waiting) {
      const isDone = first.get(each.name) === each && claims.has(each.name);
      each.resolve(isDone ? claims.get(each.name) : this.claimAlone(each));
    }
  }

  /** Without the rows that are locked; without any when one claim failed. */
  private async claimTogether(requests: ReadonlyMap<string, ClaimRequest>): Promise<Map<string, Claim | undefined>> {
    try {
      return await this.transaction(requests, this.database.write.dialect.forUpdateSkipLocked);
    } catch {
      // Each is claimed alone then, and the caller of the one that fails gets its error.
      return new Map();
    }
  }

  /** Claims the lease in a transaction that has locked the row. */
  claimLocked(manager: EntityManager, request: ClaimRequest): Promise<Claim | undefined> {
    const locking = this.claimIn(manager, new Map([[request.name, request]]), this.database.write.dialect.forUpdate);
    return locking.then((claims) => claims.get(request.name));
  }

  private async claimAlone(request: ClaimRequest): Promise<Claim | undefined> {
    return (await this.transaction(new Map([[request.name, request]]), this.database.write.dialect.forUpdate)).get(
      request.name,
    );
  }

  /** What became of each request whose row was locked. */
  private transaction(
    requests: ReadonlyMap<string, ClaimRequest>,
    lock: string,
  ): Promise<Map<string, Claim | undefined>> {
    const askedAt = performance.now();
    return this.database.write.transaction((manager) => this.claimIn(manager, requests, lock, askedAt));
  }

  /** @param askedAt when the transaction was requested, by `performance.now()` */
  private async claimIn(
    manager: EntityManager,
    requests: ReadonlyMap<string, ClaimRequest>,
    lock: string,
    askedAt = performance.now(),
  ): Promise<Map<string, Claim | undefined>> {
    const rows = await this.lock(manager, [...requests.keys()], lock);
    const free: SubscriptionRow[] = [];
    for (const row of rows) if (await this.mayTake(row, requests.get(row.name)!, manager)) free.push(row);
    const taken = free.length > 0 ? await this.take(manager, free) : [];
    const claims = new Map<string, Claim | undefined>(rows.map(({ name }) => [name, undefined]));
    for (const row of taken) {
      const { owner } = free.find(({ name }) => name === row.name)!;
      const lease = new Lease(row.name, row.epoch, this.leaseTtl, askedAt);
      claims.set(row.name, { lease, row, abandonedBy: owner === this.owner ? null : owner });
    }
    return claims;
  }

  private async lock(manager: EntityManager, names: readonly string[], lock: string): Promise<SubscriptionRow[]> {
    const { dialect } = this.database.write;
    const { rows } = await execute<Columns>(
      manager.queryRunner!,
      `select ${this.columns} from ${this.table} s where ${dialect.isAnyOf('s.name')} order by s.name ${lock}`,
      [dialect.list(names)],
    );
    return rows.map(subscriptionRow);
  }

  private async mayTake(row: SubscriptionRow, request: ClaimRequest, manager: EntityManager): Promise<boolean> {
    if (row.owner === SPLIT) return false;
    if (isHalted(row, request.restart)) return false;
    if (!row.isFree && row.owner !== this.owner) return false;
    return request.adopt(row, manager, row.owner !== null && row.owner !== this.owner);
  }

  /** Counts an attempt at the next event of each row that is abandoned. */
  private async take(manager: EntityManager, rows: readonly SubscriptionRow[]): Promise<SubscriptionRow[]> {
    const { dialect } = this.database.write;
    const isCounted = 'owner is not null and owner <> ? and attempts = 0';
    const taken = await execute<Columns>(
      manager.queryRunner!,
      `update ${this.table} set owner = ?, epoch = epoch + 1, expires_at = ${dialect.now} + ?, halted = null, restart_at = null,
              attempt_position = case when ${isCounted} then position else attempt_position end,
              attempts = case when ${isCounted} then 1 else attempts end
        where ${dialect.isAnyOf('name')} returning *, 0 as is_free`,
      [this.owner, this.leaseTtl, this.owner, this.owner, dialect.list(rows.map(({ name }) => name))],
    );
    return taken.rows.map(subscriptionRow);
  }
}
