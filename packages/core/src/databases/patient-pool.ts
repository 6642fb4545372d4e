import { performance } from 'node:perf_hooks';
import type pg from 'pg';

type Connected = Parameters<pg.Pool['connect']>[0];

/**
 * After requests have waited this long for the open sessions, another one is opened, in ms. To open a session takes about as
 * long, and most statements of the kernel take less.
 */
const PATIENCE = 20;
/** Waits that are less than this many ms apart are added up: under load each of them is short. */
const CALM = 10;

/**
 * A pool that grows only while its open sessions are not enough. The driver's own pool opens a session for each request that
 * comes while the others are in use, even if one of them is free a moment later. A server starts a process for each session.
 */
export function patientPool(Pool: typeof pg.Pool): typeof pg.Pool {
  return class extends Pool {
    /** Those that wait for a session, the longest wait first. */
    private readonly requests: Connected[] = [];
    private growth: NodeJS.Timeout | undefined;
    /** How long requests have waited without a calm, until the wait that is under way; in ms. */
    private waited = 0;
    /** When requests began to wait, or stopped; by `performance.now()`. */
    private changedAt = -Infinity;

    constructor(config?: pg.PoolConfig) {
      super(config);
      // A session is idle only after the listeners of this event.
      this.on('release', () => process.nextTick(() => this.serve()));
    }

    override connect(): Promise<pg.PoolClient>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.PoolClient> | void {
      if (!callback) {
        return new Promise((resolve, reject) => {
          this.connect((error, client) => (error ? reject(error) : resolve(client!)));
        });
      }
      this.requests.push(callback);
      this.serve();
    }

    private serve(): void {
      while (this.requests.length > 0 && !this.hasToWait()) this.handOver();
      if (this.requests.length > 0) this.beginToWait();
      else if (this.growth) this.stopWaiting();
    }

    private beginToWait(): void {
      if (this.growth) return;
      const now = performance.now();
      if (now - this.changedAt > CALM) this.waited = 0;
      this.changedAt = now;
      // What the sessions have answered meanwhile is read before the pool grows.
      const patience = Math.max(0, PATIENCE - this.waited);
      this.growth = setTimeout(() => setImmediate(() => this.grow()), patience);
    }

    private stopWaiting(): void {
      clearTimeout(this.growth);
      this.growth = undefined;
      const now = performance.now();
      this.waited += now - this.changedAt;
      this.changedAt = now;
    }

    private hasToWait(): boolean {
      if (this.ending || this.totalCount === 0 || this.totalCount >= this.options.max) return false;
      return this.idleCount <= this.waitingCount;
    }

    private grow(): void {
      this.growth = undefined;
      this.waited = 0;
      if (this.requests.length > 0) this.handOver();
      this.serve();
    }

    /** To the driver's pool, which takes an idle session, opens another one, or lets it wait when there are enough. */
    private handOver(): void {
      super.connect(this.requests.shift()!);
    }
  };
}
