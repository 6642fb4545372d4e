import { Logger } from '@nestjs/common';
import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { isAlive } from './is-alive.js';
import type { SharingNode } from './partition-range.js';
import type { NodeProfile, NodeRole, ThisNode } from './this-node.js';

/** How long a node that is gone stays listed, in ms. */
const KEPT = 60 * 60_000;

/** By the database's clock, in ms since 1970; PostgreSQL's 64-bit integers may be strings. */
type Time = string | number;

interface Columns {
  readonly id: string;
  readonly subscriptions: string;
  readonly roles: string | null;
  readonly version: string | null;
  readonly partition_limit: number | null;
  readonly started_at: Time;
  readonly seen_at: Time;
}

/** A node that is alive. */
export interface LiveNode extends Pick<NodeProfile, 'version'> {
  readonly id: string;
  /** Null if its program is older than this list. */
  readonly roles: readonly NodeRole[] | null;
  readonly startedAt: Date;
  /** When it gave its last sign of life. */
  readonly lastSeen: Date;
}

/** A node that was alive at the last look. */
interface KnownNode extends SharingNode {
  readonly subscriptions: ReadonlySet<string>;
  readonly startedAt: number;
}

/**
 * The processes that share the databases, in the order in which they divide partitions. Only the database's clock counts.
 * The list says who should run what; the rows of the ranges alone say who may.
 */
export class Nodes {
  private readonly logger = new Logger(Nodes.name);
  private readonly now: string;
  private alive: readonly KnownNode[] = [];
  private hasWarned = false;
  private hasLeft = false;
  /** Signs of life that are under way. */
  private readonly signs = new Set<Promise<unknown>>();

  constructor(
    private readonly database: OpenDatabase,
    private readonly self: ThisNode,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
  }

  /** This process. */
  get id(): string {
    return this.self.id;
  }

  /** The nodes that were alive at the last sign of life and run this subscription. */
  running(subscription: string): readonly SharingNode[] {
    return this.alive.filter(({ subscriptions }) => subscriptions.has(subscription));
  }

  /**
   * Gives a sign of life, and reads which nodes are alive if it is not those that are known.
   * @param subscriptions those that this node runs and that can be split
   * @returns whether nodes have come or gone since the last look
   */
  async beat(subscriptions: readonly string[]): Promise<boolean> {
    if (this.hasLeft) return false;
    const sign = this.giveSign(subscriptions);
    this.signs.add(sign);
    try {
      return await sign;
    } finally {
      this.signs.delete(sign);
    }
  }

  private async giveSign(subscriptions: readonly string[]): Promise<boolean> {
    const others = `from leftfold_nodes n where n.id <> ? and ${this.isAlive('n.')}`;
    const { roles, version, limit } = this.self.profile;
    const { rows } = await this.database.write.statement<Record<'started_at' | 'others' | 'since', string | number>>(
      `insert into leftfold_nodes (id, subscriptions, roles, version, partition_limit, started_at, seen_at, expires_at)
       values (?, ?, ?, ?, ?, ${this.now}, ${this.now}, ${this.now} + ?)
       on conflict (id) do update set subscriptions = excluded.subscriptions, seen_at = excluded.seen_at,
         started_at = case when leftfold_nodes.expires_at < ${this.now} then excluded.started_at else leftfold_nodes.started_at end,
         expires_at = excluded.expires_at
       returning started_at, (select count(*) ${others}) as others,
         (select coalesce(sum(n.started_at), 0) ${others}) as since`,
      [
        this.id,
        JSON.stringify(subscriptions.toSorted()),
        JSON.stringify(roles),
        version,
        limit ?? null,
        this.leaseTtl,
        this.id,
        this.id,
      ],
    );
    const { started_at: startedAt, others: count, since } = rows[0]!;
    if (this.isKnown(Number(startedAt), Number(count), Number(since))) return false;
    await this.readAlive();
    return true;
  }

  /** Reads which nodes are alive, without a sign of life. */
  async readAlive(): Promise<void> {
    const { rows } = await this.database.write.statement<Columns>(
      `select * from leftfold_nodes where ${this.isAlive('')} order by started_at, id`,
      [],
    );
    this.alive = rows.map(({ id, subscriptions, partition_limit: limit, started_at: startedAt }) => ({
      id,
      limit: limit ?? undefined,
      subscriptions: new Set(JSON.parse(subscriptions) as string[]),
      startedAt: Number(startedAt),
    }));
    this.warnOfNamesakes();
  }

  /** The nodes that are alive now, by id. */
  async list(): Promise<LiveNode[]> {
    const sql = `select * from leftfold_nodes where ${this.isAlive('')} order by id`;
    const rows = await select<Columns>(this.database.read, sql, []);
    return rows.map(({ id, roles, version, started_at: startedAt, seen_at: seenAt }) => ({
      id,
      roles: roles === null ? null : (JSON.parse(roles) as NodeRole[]),
      version,
      startedAt: new Date(Number(startedAt)),
      lastSeen: new Date(Number(seenAt)),
    }));
  }

  /**
   * Says once that two nodes have one name. The older one says it: seen from the newer one, the older one may have
   * crashed a moment ago.
   */
  private warnOfNamesakes(): void {
    const own = this.alive.find(({ id }) => id === this.id);
    const other = this.alive.find(({ id, startedAt }) => own && this.self.isNamesake(id) && startedAt > own.startedAt);
    if (!other || this.hasWarned) return;
    this.hasWarned = true;
    this.logger.warn(
      `The node ${other.id} has the same name as this one, ${this.id}. Both work as they should; give each a name of its own, so that you can tell them apart.`,
    );
  }

  /** A node that comes or goes changes how many there are, or the sum of the times at which they came. */
  private isKnown(startedAt: number, others: number, since: number): boolean {
    const known = this.alive.filter(({ id }) => id !== this.id);
    const own = this.alive.find(({ id }) => id === this.id);
    return (
      own?.startedAt === startedAt &&
      known.length === others &&
      known.reduce((sum, each) => sum + each.startedAt, 0) === since
    );
  }

  private isAlive(alias: '' | 'n.'): string {
    return isAlive(this.now, alias);
  }

  /** Forgets nodes that have been gone for long. */
  async forgetGone(): Promise<void> {
    await this.database.write.statement(`delete from leftfold_nodes where expires_at < ${this.now} - ${KEPT}`, []);
  }

  /**
   * Leaves in order: the others don't wait for this node's sign of life to expire. It gives none from now on, and one that
   * is under way can't list it again.
   */
  async leave(): Promise<void> {
    this.hasLeft = true;
    await Promise.allSettled(this.signs);
    await this.database.write.statement('delete from leftfold_nodes where id = ?', [this.id]);
  }
}
