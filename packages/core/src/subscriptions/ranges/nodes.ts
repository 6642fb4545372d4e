import type { OpenDatabase } from '../../databases/open-database.js';
import { LONGEST_LEASE } from '../states/longest-lease.js';

/** How long a node that is gone stays listed, in ms. */
const KEPT = 60 * 60_000;

interface Columns {
  readonly id: string;
  readonly subscriptions: string;
  /** By the database's clock, in ms since 1970; PostgreSQL's 64-bit integers may be strings. */
  readonly started_at: string | number;
}

/** A node that was alive at the last look. */
interface LiveNode {
  readonly id: string;
  readonly subscriptions: ReadonlySet<string>;
  readonly startedAt: number;
}

/**
 * The nodes that run subscriptions, in the order in which they divide partitions. Only the database's clock counts. The
 * list says who should run what; the rows of the ranges alone say who may.
 */
export class Nodes {
  private readonly now: string;
  private alive: readonly LiveNode[] = [];

  constructor(
    private readonly database: OpenDatabase,
    /** This process. */
    readonly id: string,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {
    this.now = database.write.dialect.now;
  }

  /** Ids of the nodes that were alive at the last sign of life and run this subscription. */
  running(subscription: string): readonly string[] {
    return this.alive.filter(({ subscriptions }) => subscriptions.has(subscription)).map(({ id }) => id);
  }

  /**
   * Gives a sign of life, and reads which nodes are alive if it is not those that are known.
   * @param subscriptions those that this node runs and that can be split
   * @returns whether nodes have come or gone since the last look
   */
  async beat(subscriptions: readonly string[]): Promise<boolean> {
    const others = `from leftfold_nodes n where n.id <> ? and ${this.isAlive('n.')}`;
    const { rows } = await this.database.write.statement<Record<'started_at' | 'others' | 'since', string | number>>(
      `insert into leftfold_nodes (id, subscriptions, started_at, seen_at, expires_at)
       values (?, ?, ${this.now}, ${this.now}, ${this.now} + ?)
       on conflict (id) do update set subscriptions = excluded.subscriptions, seen_at = excluded.seen_at,
         started_at = case when leftfold_nodes.expires_at < ${this.now} then excluded.started_at else leftfold_nodes.started_at end,
         expires_at = excluded.expires_at
       returning started_at, (select count(*) ${others}) as others,
         (select coalesce(sum(n.started_at), 0) ${others}) as since`,
      [this.id, JSON.stringify(subscriptions.toSorted()), this.leaseTtl, this.id, this.id],
    );
    const { started_at: startedAt, others: count, since } = rows[0]!;
    if (this.isKnown(Number(startedAt), Number(count), Number(since))) return false;
    await this.readAlive();
    return true;
  }

  /** Reads which nodes are alive, without a sign of life. */
  async readAlive(): Promise<void> {
    const { rows } = await this.database.write.statement<Columns>(
      `select id, subscriptions, started_at from leftfold_nodes where ${this.isAlive('')} order by started_at, id`,
      [],
    );
    this.alive = rows.map(({ id, subscriptions, started_at: startedAt }) => ({
      id,
      subscriptions: new Set(JSON.parse(subscriptions) as string[]),
      startedAt: Number(startedAt),
    }));
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
    return `${alias}expires_at >= ${this.now} and ${alias}expires_at <= ${this.now} + ${LONGEST_LEASE}`;
  }

  /** Forgets nodes that have been gone for long. */
  async forgetGone(): Promise<void> {
    await this.database.write.statement(`delete from leftfold_nodes where expires_at < ${this.now} - ${KEPT}`, []);
  }

  /** Leaves in order: the others don't wait for this node's sign of life to expire. */
  async leave(): Promise<void> {
    await this.database.write.statement('delete from leftfold_nodes where id = ?', [this.id]);
  }
}
