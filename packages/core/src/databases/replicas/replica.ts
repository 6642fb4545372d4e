import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseLimits } from '../database-limits.js';
import { Gathered } from '../gathered.js';
import { lagBetween, type Positions } from './checkpoints.js';
import type { Connection, ReplicaServer, SeenReplica } from './replica-server.js';

/** Where it says that a replica is left out, and that it is back. */
export interface ReplicaLog {
  log(line: string): void;
  warn(line: string): void;
}

/** A replica of the read models, for metrics and the like. */
export interface ReplicaStatus {
  /** Its URL, without user and password. */
  readonly name: string;
  /** Whether it answers queries. */
  readonly isUp: boolean;
  /**
   * Checkpoints of the read models by name, as last seen there. Empty while it is left out, unless that is because it is too far
   * behind.
   */
  readonly positions: ReadonlyMap<string, number>;
}

/**
 * One replica: whether it can answer queries. It is checked while it is up, and tried again after a pause while it is
 * down. Nothing waits for it at the start.
 */
export class Replica implements ReplicaStatus {
  isUp = false;
  positions: ReadonlyMap<string, number> = new Map();
  /** Whether the log already says that it is left out. */
  private isReported = false;
  private readonly stopping = new AbortController();
  private awake = new AbortController();
  private watching: Promise<void> | undefined;
  private readonly checkpoints = new Gathered<void, ReadonlyMap<string, number>>(async (requests) => {
    const positions = await this.server.positions();
    return requests.map(() => positions);
  });

  constructor(
    readonly name: string,
    private readonly server: ReplicaServer,
    private readonly limits: Pick<DatabaseLimits, 'replicaCheck' | 'replicaAnswer' | 'replicaPause' | 'replicaLag'>,
    private readonly logger: ReplicaLog,
    /** Checkpoints of the read models on the primary, now. */
    private readonly primary: () => Promise<Positions>,
  ) {}

  /** @param logId the log that its read models must be built from */
  start(logId: string): void {
    this.watching ??= this.watch(logId);
  }

  connect(): Promise<Connection> {
    return this.server.connect();
  }

  /** Checkpoints of the read models there, now. Requests of the same moment share one statement. */
  currentPositions(): Promise<ReadonlyMap<string, number>> {
    return this.checkpoints.ask();
  }

  /** A statement failed on it: it is checked now, not at the next interval. */
  suspect(): void {
    if (this.isUp) this.awake.abort();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.awake.abort();
    this.isUp = false;
    await this.watching;
    await this.server.close();
  }

  private async watch(logId: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.awake = new AbortController();
      try {
        const [seen, primary] = await this.look();
        const problem = problemWith(seen, logId);
        const lag = lagBetween(seen.positions, primary ?? new Map());
        if (problem !== undefined) this.leave(problem);
        else if (lag > this.limits.replicaLag) this.setAside(seen, lag);
        else this.join(seen);
      } catch (error) {
        this.leave((error as Error).message || String((error as { code?: unknown }).code));
      }
      await this.pause(this.isUp ? this.limits.replicaCheck : this.limits.replicaPause);
    }
  }

  /** What is seen there, and the checkpoints on the primary; undefined while it does not answer, as its replicas still can. */
  private async look(): Promise<readonly [SeenReplica, Positions | undefined]> {
    const late = new AbortController();
    const timeout = delay(this.limits.replicaAnswer, undefined, { signal: late.signal, ref: false }).then(() => {
      throw new Error(`it gave no answer within ${this.limits.replicaAnswer} ms`);
    });
    const ended = new Promise<never>((_resolve, reject) => {
      this.stopping.signal.addEventListener('abort', () => reject(new Error('it is being closed')), {
        signal: late.signal,
      });
    });
    try {
      // A primary that is down is reported elsewhere. Its replicas go on answering, and their lag is not known.
      const primary = Promise.race([this.primary(), timeout]).catch(() => undefined);
      const seen = await Promise.race([this.server.look(), timeout, ended]);
      return [seen, await Promise.race([primary, ended])];
    } finally {
      // Aborted below, when nobody waits for it any more.
      timeout.catch(() => undefined);
      late.abort();
    }
  }

  private join(seen: SeenReplica): void {
    this.positions = seen.positions;
    if (this.stopping.signal.aborted) return;
    this.isUp = true;
    if (this.isReported) this.logger.log(`The replica ${this.name} is back and answers queries again.`);
    this.isReported = false;
  }

  /** Queries that wait for an answer of it fail, and are run on the primary. */
  private leave(problem: string): void {
    this.positions = new Map();
    this.server.cut();
    this.leaveOut(problem);
  }

  /** Its answers would be too old. Those that are under way come. */
  private setAside({ positions }: SeenReplica, lag: number): void {
    this.positions = positions;
    this.leaveOut(`its read models are ${lag} positions behind, and at most ${this.limits.replicaLag} are accepted`);
  }

  private leaveOut(problem: string): void {
    this.isUp = false;
    if (this.isReported || this.stopping.signal.aborted) return;
    this.isReported = true;
    this.logger.warn(
      `The replica ${this.name} is left out: ${problem}. Queries go to the others and to the primary; ` +
        `it is tried again every ${this.limits.replicaPause} ms.`,
    );
  }

  private async pause(duration: number): Promise<void> {
    try {
      await delay(duration, undefined, { signal: this.awake.signal, ref: false });
    } catch {
      // It is to be checked now, or closed.
    }
  }
}

function problemWith({ isStandby, logIds }: SeenReplica, logId: string): string | undefined {
  if (!isStandby) return 'it follows no primary, so it is no replica, or was promoted';
  return [...logIds].every((id) => id === logId) ? undefined : 'its read models were built from another log';
}
