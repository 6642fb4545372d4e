import { Logger } from '@nestjs/common';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { Telemetry } from '../../telemetry.js';
import type { LogTail } from '../log-tail.js';
import { overlapOf } from '../ranges/partition-range.js';
import type { Held } from '../ranges/range-claim.js';
import type { Claim } from '../states/claims.js';
import { stopFor } from '../states/restart.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { LeasedRow } from '../states/subscription-row.js';
import type { LeasedStates } from '../states/leased-states.js';
import type { Subscription } from '../subscription.js';
import { BatchLoop } from './batch-loop.js';
import { Checkpoint } from './checkpoint.js';
import type { Delivery, DeliverySession } from './delivery.js';
import { causeOf, HandlerFailure, messageOf, PoisonEventError, stackOf } from './handler-failure.js';
import { KnownEvents, NotKnownHereError, UndeclaredTypeError } from './known-events.js';
import { LeftSubscription } from './left-subscription.js';
import { Run } from './run.js';

/**
 * Runs one subscription in this process: claims its lease, delivers its events while it holds the lease, and releases
 * it. How events are delivered depends on the kind of subscription; see `Delivery`.
 */
export class SubscriptionRunner<Session extends DeliverySession = DeliverySession> {
  private readonly logger: Logger;
  private stopping = new AbortController();
  /** The current run, until it has ended. */
  private running: Promise<void> | undefined;
  private run: Run | undefined;
  private session: Session | undefined;
  private claiming: Promise<unknown> | undefined;
  /** The current run releases its lease, or stores why it stops. */
  private isReleasing = false;
  private onPause: (ms: number) => void = () => undefined;
  /** That this program does not know the next event. */
  readonly left = new LeftSubscription();
  /** Types of events that no version of the program handled when they were met first. */
  private readonly passed = new Set<string>();

  constructor(
    readonly subscription: Subscription,
    private readonly delivery: Delivery<Session>,
    private readonly states: LeasedStates,
    private readonly log: EventLog,
    private readonly tail: LogTail,
    private readonly telemetry: Telemetry,
  ) {
    this.logger = new Logger(`${subscription.kind} ${subscription.name}`);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** The partitions that it has the lease on; undefined before its claim, while it ends, and when it does not run. */
  get held(): Held {
    if (!this.run || this.run.isEnding) return undefined;
    return this.run.lease.part?.range ?? 'whole';
  }

  /**
   * While it ends, for whatever reason: settles when it has ended. What is asked of the subscription meanwhile needs another
   * look then. Never rejects.
   */
  get ending(): Promise<void> | undefined {
    return this.isReleasing || this.stopping.signal.aborted ? this.running : undefined;
  }

  /** @param paused called when it has stopped after an error and may start again after this many ms */
  whenPaused(paused: (ms: number) => void): void {
    this.onPause = paused;
  }

  /** @param restart also when it was stopped after an error and its pause is not over */
  start(restart: boolean): void {
    if (this.running) return;
    this.stopping = new AbortController();
    this.running = this.follow(restart).finally(() => (this.running = undefined));
  }

  /**
   * Claims the lease for one piece of work and releases it, unless another process holds it or the subscription is
   * halted.
   * @returns whether the work was done here
   */
  async once(work: (session: Session) => Promise<void>): Promise<boolean> {
    if (this.running) return false;
    this.stopping = new AbortController();
    const working = this.workOnce(work);
    this.running = working.then(
      () => undefined,
      () => undefined,
    );
    return working.finally(() => (this.running = undefined));
  }

  /** Lets the current batch commit and releases the lease. */
  async stop(): Promise<void> {
    this.end();
    await this.running;
  }

  /**
   * Called after the row of state was read.
   * @param renewedAt when its lease was renewed, by `performance.now()`, if it was
   */
  rowChanged(row: LeasedRow, renewedAt?: number): void {
    if (!this.run) return;
    const { lease } = this.run;
    if (renewedAt !== undefined) lease.renewed(renewedAt);
    const isGone = isLost(lease, row);
    this.run.isTakenOver ||= isGone && isOwnedByAnother(this.states.owner, lease, row);
    if (row.halted === 'paused' || isGone) this.end();
    this.session?.rowChanged(row);
  }

  private end(): void {
    this.stopping.abort();
    this.tail.wakeAll();
  }

  /** While it claims: settles when it has claimed what it could. Never rejects. */
  get claimUnderWay(): Promise<unknown> | undefined {
    return this.claiming;
  }

  private async follow(restart: boolean): Promise<void> {
    try {
      const claiming = this.claim(restart);
      // This run awaits the claim itself, and handles its error.
      this.claiming = claiming.catch(() => undefined).finally(() => (this.claiming = undefined));
      const claimed = await claiming;
      if (!claimed) return;
      const { row } = claimed;
      const run = this.newRun(claimed);
      const { types } = this.subscription;
      const known = new KnownEvents(
        types,
        row.declaredTypes ?? [],
        (type) => this.delivery.newestVersion(type),
        this.passed,
      );
      const loop = new BatchLoop(this.subscription, run, this.log, this.tail, known);
      if (row.attempts > 0) await loop.suspectPoison();
      this.session = await this.delivery.open(run, row);
      await loop.deliverTo(this.session);
      if (run.isTakenOver) throw new LeaseLostError(run.lease.name);
      this.isReleasing = true;
      await this.session.close();
      await this.states.release(run.lease);
    } catch (error) {
      this.isReleasing = true;
      await this.fail(error);
    } finally {
      this.run = undefined;
      this.session = undefined;
      this.isReleasing = false;
    }
  }

  private async workOnce(work: (session: Session) => Promise<void>): Promise<boolean> {
    const claimed = await this.claim(false);
    if (!claimed) return false;
    const run = this.newRun(claimed);
    try {
      this.session = await this.delivery.open(run, claimed.row);
      await work(this.session);
    } finally {
      const { session } = this;
      this.run = undefined;
      this.session = undefined;
      await session?.close();
      await this.states.release(run.lease);
    }
    return true;
  }

  private async claim(restart: boolean): Promise<Claim | undefined> {
    const claim = await this.states.claim(this.subscription.name, restart, (...row) => this.delivery.adopt(...row));
    if (claim && claim.abandonedBy !== null) {
      const { abandonedBy, row } = claim;
      this.logger.log(
        `${this.states.owner} took over from ${abandonedBy}, whose lease expired, at position ${row.position}.`,
      );
    }
    return claim;
  }

  private newRun({ lease, row }: Claim): Run {
    const checkpoint = new Checkpoint(this.states, lease, row);
    this.left.passed(row.position);
    this.run = new Run(this.logger, checkpoint, this.stopping.signal, (error) => this.reportRetry(error));
    return this.run;
  }

  private async fail(error: unknown): Promise<void> {
    const { run, session } = this;
    if (error instanceof LeaseLostError) {
      this.logger.warn(error.message);
      await session?.close();
      return;
    }
    try {
      await session?.close();
      await this.stopOrRelease(run, error);
    } catch (cause) {
      this.logger.warn(`Could not store how it ended: ${messageOf(cause)}`);
    }
  }

  private async stopOrRelease(run: Run | undefined, error: unknown): Promise<void> {
    if (run && error instanceof UndeclaredTypeError) {
      this.passed.add(error.type);
      await this.states.release(run.lease);
      return this.onPause(0);
    }
    if (run && error instanceof NotKnownHereError) return this.leave(run, error);
    if (run && !isDatabaseAway(causeOf(error))) return this.stopAt(run, error);
    this.reportRetry(error);
    if (run) await this.states.release(run.lease);
  }

  /** Leaves the subscription to nodes that know the event. This node tries again after a pause: it may be the only one. */
  private async leave({ lease, checkpoint }: Run, error: NotKnownHereError): Promise<void> {
    const pause = this.left.at(error, this.states.restartPause);
    this.logger.error(
      `${error.message} This node leaves it to nodes that know the event, and tries again in ${pause / 1_000} s.`,
    );
    await checkpoint.confirm(error.message);
    await this.states.release(lease);
    this.onPause(pause);
  }

  /** Stores and logs that it stops, and when it starts again. A poison event would only crash the next process. */
  private async stopAt({ lease, checkpoint }: Run, error: unknown): Promise<void> {
    const startsAgain = this.subscription.retry.policy !== 'stop' && !(error instanceof PoisonEventError);
    const stop = stopFor(messageOf(error), checkpoint.restarts, startsAgain ? this.states.restartPause : undefined);
    const { restartIn } = stop;
    this.logger.error(
      restartIn === null
        ? 'Stopped. Fix the cause, then resume the subscription.'
        : `Stopped after position ${checkpoint.position}. It starts again by itself in ${restartIn / 1_000} s ` +
            `(stop ${stop.restarts} without progress), or when it is resumed.`,
      stackOf(error),
    );
    if (await this.states.stop(lease, stop)) {
      if (restartIn !== null) this.onPause(restartIn);
      return;
    }
    this.logger.log('It was resumed meanwhile, or another process runs it: the stop is not stored.');
    await this.states.release(lease);
    this.onPause(0);
  }

  /** Logs and counts that failed work is retried. */
  private reportRetry(error: unknown): void {
    this.logger.warn(`${messageOf(error)}; trying again.`);
    const byHandler = error instanceof HandlerFailure && !isDatabaseAway(error.cause);
    this.telemetry.retried(this.subscription.name, byHandler ? 'event' : 'database');
  }
}

/**
 * Whether another process has claimed what the lease is for, or one of its ranges has stopped after an error. The epoch of a
 * row of state is never below those of its ranges, so a row with an older epoch was read before this process claimed its
 * range.
 */
function isLost({ epoch, part }: Lease, row: LeasedRow): boolean {
  if (!part) return row.epoch > epoch;
  if (row.epoch < epoch) return false;
  return row.halted === 'stopped' || row.ranges.every((range) => range.epoch !== epoch);
}

/** Whether another process has what a lost lease was for, alone or with more. Where an operator revoked it, nobody has it. */
function isOwnedByAnother(self: string, { part }: Lease, row: LeasedRow): boolean {
  const isSplit = row.ranges.length > 0;
  const rows = part && isSplit ? row.ranges.filter((range) => overlapOf(range, part.range)) : [row];
  return rows.some(({ owner }) => owner !== null && owner !== self);
}
