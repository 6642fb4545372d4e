import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { AppNode } from './app-node.js';
import type { SoakRecord } from './record.js';

/** Kinds of faults, as the table of results names them. */
export const FAULTS = [
  'nodes killed',
  'nodes frozen',
  'nodes stopped',
  'connections cut',
  'crashes of PostgreSQL',
] as const;

export interface FaultyServer {
  /** Of the database that the nodes use; a connection may be lost at any time. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** Crashes it, and starts it again; undefined if it is not ours. */
  readonly crash: (() => Promise<void>) | undefined;
}

/** Does one fault after the other, at random. At least one node runs at all times. */
export class Faults {
  private readonly restarting = new Set<Promise<void>>();
  /** Goes up when an outage of the database begins, and when it ends. */
  private outages = 0;

  constructor(
    private readonly nodes: readonly AppNode[],
    private readonly server: FaultyServer,
    /** In ms. */
    private readonly leaseTtl: number,
    private readonly random: () => number,
    private readonly record: SoakRecord,
  ) {}

  /** @param until in ms since 1970 */
  async run(until: number): Promise<void> {
    while (Date.now() < until) {
      await sleep(500 + this.random() * 2_500);
      await this.one();
    }
    for (const node of this.nodes) node.thaw();
    await Promise.all(this.restarting);
  }

  private async one(): Promise<void> {
    const chance = this.random();
    const ready = this.nodes.filter(({ url, isFrozen }) => url !== undefined && !isFrozen);
    const node = ready.length > 1 ? ready[Math.floor(this.random() * ready.length)] : undefined;
    if (chance < 0.35) {
      if (node) this.restart(node, 'nodes killed', () => node.kill());
    } else if (chance < 0.55) {
      if (node) this.freeze(node);
    } else if (chance < 0.7) {
      if (node) this.restart(node, 'nodes stopped', () => this.stop(node));
    } else if (chance < 0.97 || !this.server.crash) await this.cut();
    else {
      this.record.count('crashes of PostgreSQL');
      this.outages += 1;
      await this.server.crash();
      this.outages += 1;
    }
  }

  private restart(node: AppNode, what: (typeof FAULTS)[number], end: () => Promise<void>): void {
    this.record.count(what);
    node.url = undefined;
    const work = async (): Promise<void> => {
      await end();
      await sleep(this.random() * this.leaseTtl * 2);
      await this.startAgain(node);
    };
    this.keep(work());
  }

  /**
   * PostgreSQL may crash while a node starts, or not be back when it does. Then the node ends with an error, and an orchestrator
   * starts it again.
   */
  private async startAgain(node: AppNode): Promise<void> {
    const before = this.outages;
    const isOutage = before % 2 === 1;
    try {
      await node.start();
    } catch (error) {
      if (!isOutage && this.outages === before) this.record.find((error as Error).message);
      await node.kill();
      this.record.count('starts repeated');
      await this.startAgain(node);
    }
  }

  private async stop(node: AppNode): Promise<void> {
    const code = await node.stop();
    if (code === 0) return;
    this.record.find(
      `${node.name} ended with ${code ?? 'nothing, and was killed'} after SIGTERM. It said:\n${node.lastWords}`,
    );
  }

  /** For less than a lease, or for much longer. */
  private freeze(node: AppNode): void {
    this.record.count('nodes frozen');
    node.freeze();
    const work = async (): Promise<void> => {
      await sleep(this.leaseTtl * (0.2 + this.random() * 3));
      node.thaw();
    };
    this.keep(work());
  }

  private async cut(): Promise<void> {
    this.outages += 1;
    const rows = await this.server
      .query<{ pid: number }>(
        `select pid, pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
          order by random() limit ${1 + Math.floor(this.random() * 6)}`,
      )
      // PostgreSQL may be starting again.
      .catch(() => []);
    this.record.count('connections cut', rows.length);
    this.outages += 1;
  }

  private keep(work: Promise<void>): void {
    const watched = work
      .catch((error: Error) => this.record.find(error.message))
      .finally(() => this.restarting.delete(watched));
    this.restarting.add(watched);
  }
}
