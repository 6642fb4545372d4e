import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseLimits } from '../database-limits.js';
import { Gathered } from '../gathered.js';
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
  /** Checkpoints of the read models by name, as last seen there. Empty while it is left out. */
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
    private readonly limits: Pick<DatabaseLimits, 'replicaCheck' | 'replicaAnswer' | 'replicaPause'>,
    private readonly logger: ReplicaLog,
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
        const seen = await this.look();
        const problem = problemWith(seen, logId);
        if (problem === undefined) this.join(seen);
        else this.leave(problem);
      } catch (error) {
        this.leave((error as Error).message || String((error as { code?: unknown }).code));
      }
      await this.pause(this.isUp ? this.limits.replicaCheck : this.limits.replicaPause);
    }
  }

  private async look(): Promise<SeenReplica> {
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
      return await Promise.race([this.server.look(), timeout, ended]);
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
    this.isUp = false;
    this.positions = new Map();
    this.server.cut();
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
