import type { OpenDatabase } from '../../databases/open-database.js';
import { LONGEST_LEASE } from '../states/longest-lease.js';

/** How long a node that is gone stays listed, in ms. */
const KEPT = 60 * 60_000;

type Columns = Readonly<Record<'id' | 'subscriptions', string>>;

/**
 * The nodes that run subscriptions, in the order in which they divide partitions. Only the database's clock counts. The
 * list says who should run what; the rows of the ranges alone say who may.
 */
export class Nodes {
  private readonly now: string;
  private known = '';
  private alive: readonly { readonly id: string; readonly subscriptions: ReadonlySet<string> }[] = [];

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
   * Gives a sign of life, and reads which nodes are alive.
   * @param subscriptions those that this node runs and that can be split
   * @returns whether nodes have come or gone since the last time
   */
  async beat(subscriptions: readonly string[]): Promise<boolean> {
    const others = `from leftfold_nodes n where n.id <> ? and ${this.isAlive('n.')}`;
    const { rows } = await this.database.write.statement(
      `insert into leftfold_nodes (id, subscriptions, started_at, seen_at, expires_at)
       values (?, ?, ${this.now}, ${this.now}, ${this.now} + ?)
       on conflict (id) do update set subscriptions = excluded.subscriptions, seen_at = excluded.seen_at,
         started_at = case when leftfold_nodes.expires_at < ${this.now} then excluded.started_at else leftfold_nodes.started_at end,
         expires_at = excluded.expires_at
       returning started_at, (select count(*) ${others}) as others, (select sum(n.started_at) ${others}) as since`,
      [this.id, JSON.stringify(subscriptions.toSorted()), this.leaseTtl, this.id, this.id],
    );
    // A node that comes or goes changes the count, or the sum of the times at which they came.
    const known = JSON.stringify(rows);
    if (known === this.known) return false;
    await this.readAlive();
    this.known = known;
    return true;
  }

  /** Reads which nodes are alive, without a sign of life. */
  async readAlive(): Promise<void> {
    const { rows } = await this.database.write.statement<Columns>(
      `select id, subscriptions from leftfold_nodes where ${this.isAlive('')} order by started_at, id`,
      [],
    );
    this.alive = rows.map((row) => ({ id: row.id, subscriptions: new Set(JSON.parse(row.subscriptions) as string[]) }));
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
