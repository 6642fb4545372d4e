import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { ReadAhead } from '../../subscriptions/read-ahead.js';
import { EventLoopShare } from '../../subscriptions/event-loop-share.js';
import { RetryPolicy } from '../../subscriptions/retry-policy.js';
import { Batches } from '../../subscriptions/runners/batches.js';
import type { Checkpoint } from '../../subscriptions/runners/checkpoint.js';
import {
  BatchFailure,
  causeOf,
  HandlerFailure,
  messageOf,
  stackOf,
} from '../../subscriptions/runners/handler-failure.js';
import { type Lease, LeaseLostError } from '../../subscriptions/states/lease.js';
import { KeptRows } from '../kept-rows.js';
import type { ReadModelSubscription } from '../read-model-subscription.js';
import type { ReadModelShadow } from './read-model-shadow.js';
import type { RebuildStates } from './rebuild-states.js';
import { UnrebuildableTableError } from './unrebuildable-table.error.js';

/** When at most this many positions are missing, the live read model is paused while the rest is filled. */
const FINISH_DISTANCE = 500;

/**
 * Rebuilds a read model in shadow tables while the live ones stay current and serve queries. Then compares both and
 * swaps them in one transaction. After an interruption, the next owner of the lease resumes the rebuild or begins it
 * again.
 */
export class Rebuild {
  private readonly logger: Logger;
  private readonly retry: RetryPolicy;
  private readonly share = new EventLoopShare();
  private readonly kept = new KeptRows();
  private readonly batches = new Batches('read-model');
  private readonly ahead: ReadAhead;
  private position = 0;
  /** Number of events after the checkpoint that the shadow tables have, as the live ones do. */
  private handledAhead = 0;

  constructor(
    private readonly subscription: ReadModelSubscription,
    /** Checkpoint of the live read model. */
    private readonly checkpoint: Checkpoint,
    private readonly states: RebuildStates,
    private readonly log: EventLog,
    private readonly shadow: ReadModelShadow,
    /** Ends it after the current batch. */
    private readonly signal: AbortSignal,
  ) {
    this.logger = new Logger(`rebuild ${subscription.name}`);
    this.retry = new RetryPolicy(subscription.retry);
    this.ahead = new ReadAhead(log, (next) => log.readAll({ ...next, types: subscription.types }));
  }

  async run(): Promise<'done' | 'compared' | 'failed' | 'interrupted'> {
    for (;;) {
      try {
        if (!(await this.prepare())) return 'done';
        await this.fill();
        if (this.ended) return 'interrupted';
        return await this.finish();
      } catch (error) {
        if (error instanceof LeaseLostError || this.ended) return 'interrupted';
        const cause = causeOf(error);
        if (error instanceof BatchFailure && !isDatabaseAway(cause)) {
          // Only handling each event alone shows which one is at fault.
          this.batches.suspects.failedAt(error.last.position);
          continue;
        }
        const at = error instanceof HandlerFailure ? error.event.position : this.position;
        if (error instanceof HandlerFailure) this.batches.suspects.handlerFailedAt(at);
        // A table that can't be rebuilt will not change, so there is no retry.
        const isFinal = cause instanceof UnrebuildableTableError || this.retry.afterFailure(cause, at) === 'stop';
        if (isFinal) return this.fail(error);
        this.logger.warn(`${messageOf(error)}; trying again.`);
        await this.pause(this.retry.pause);
        if (this.ended) return 'interrupted';
      }
    }
  }

  private get ended(): boolean {
    return this.signal.aborted;
  }

  private get lease(): Lease {
    return this.checkpoint.lease;
  }

  /**
   * Resumes with existing shadow tables if they have the same plan, otherwise begins again. Returns whether there is
   * anything to do.
   */
  private async prepare(): Promise<boolean> {
    const { states, shadow } = this;
    const begun = await states.transaction(async (manager) => {
      const { rebuild, rebuildPlan, rebuildPosition } = await states.read(manager, this.lease);
      if (rebuild === null || rebuild === 'failed') return false;
      const plan = await this.plan(manager);
      if (rebuild === 'running' && rebuildPlan === plan && (await shadow.exists(manager))) {
        this.position = rebuildPosition;
      } else {
        await shadow.create(manager);
        await states.start(manager, this.lease, plan);
        this.position = 0;
      }
      return true;
    });
    this.kept.clear();
    if (begun) this.logger.log(this.position === 0 ? 'Begins.' : `Resumes at position ${this.position}.`);
    return begun;
  }

  /** Identifies what the shadow tables are filled for. Tables from before the last schema change may lack a column. */
  private async plan(manager: EntityManager): Promise<string> {
    const { version, types } = this.subscription;
    const [last] = await manager.query<{ name: string }[]>(
      'select name from leftfold_migrations_views order by id desc limit 1',
    );
    return JSON.stringify({ version, types, schema: last?.name ?? null });
  }

  /** Fills the shadow tables until little is missing. */
  private async fill(): Promise<void> {
    while (!this.ended) {
      const target = this.checkpoint.position;
      if (target - this.position <= FINISH_DISTANCE) return;
      await this.step(target);
    }
  }

  private async finish(): Promise<'done' | 'compared' | 'interrupted'> {
    let outcome: 'done' | 'compared' | 'interrupted' = 'interrupted';
    await this.checkpoint.hold(async () => {
      const target = this.checkpoint.position;
      while (this.position < target && !this.ended) await this.step(target);
      await this.fillAhead(target);
      if (!this.ended) outcome = await this.conclude(target);
    });
    return outcome;
  }

  /**
   * Where nodes have left the partitions at different positions, some of the live rows include events after the checkpoint. Adds
   * these events, so that the new rows have what the live ones have. Not resumed after an interruption, because the checkpoint
   * may have moved until then.
   */
  private async fillAhead(target: number): Promise<void> {
    const { part } = this.lease;
    const last = Math.max(target, ...(part?.range.done ?? []).map((each) => each.position));
    this.handledAhead = 0;
    if (!part || this.position >= last || this.ended) return;
    await this.states.transaction((manager) => this.states.forgetPlan(manager, this.lease));
    while (this.position < last && !this.ended) await this.step(last, (event) => !part.hasToHandle(event));
  }

  private async conclude(target: number): Promise<'done' | 'compared'> {
    const { states, shadow } = this;
    const comparison = await shadow.compare();
    const reached = { live: target, shadow: this.position, handledAhead: this.handledAhead };
    return states.transaction(async (manager) => {
      const { rebuildDryRun } = await states.read(manager, this.lease);
      if (rebuildDryRun) {
        await states.finishDryRun(manager, this.lease, reached, comparison);
        await shadow.drop(manager);
        this.logger.log(`Compared at position ${target}; the rows stay as they are.`);
        return 'compared';
      }
      await states.finish(manager, this.lease, this.subscription, reached, comparison);
      await shadow.swap(manager);
      this.logger.log(`Done: the new rows serve from position ${target} on.`);
      return 'done';
    });
  }

  private async step(upTo: number, isWanted?: (event: RecordedEvent) => boolean): Promise<void> {
    await this.share.yieldIfUsedUp();
    const { states, batches } = this;
    const from = this.position;
    const read = await this.ahead.read({ after: from, upTo, limit: batches.limitAfter(from) });
    const slice = isWanted ? { ...read, events: read.events.filter(isWanted) } : read;
    if (slice.events.length === 0) {
      const move = { from, to: slice.upTo, handled: 0, eventId: null };
      await states.transaction((manager) => states.advance(manager, this.lease, move));
      this.position = slice.upTo;
      return;
    }
    const batch = batches.firstOf(slice, from);
    const { events, upTo: to } = batch;
    if (batch.isFull) this.ahead.begin({ after: to, upTo, limit: batches.limitAfter(to) });
    let ahead = 0;
    this.position = await this.shadow.project({
      events,
      to,
      kept: this.kept,
      share: this.share,
      ending: () => this.ended,
      advance: {
        within: (manager, progress) => {
          if (!isWanted) return states.advance(manager, this.lease, { from, ...progress });
          // What is handled ahead is not counted with what is before the checkpoint, and no event of it is the last one there.
          ahead = progress.handled;
          return states.advance(manager, this.lease, { from, to: progress.to, handled: 0, eventId: null });
        },
      },
    });
    this.handledAhead += ahead;
    batches.handled(batch, this.position);
    this.retry.succeeded(this.position);
  }

  /** Records the failure. The live rows stay as they are. */
  async fail(error: unknown): Promise<'failed'> {
    const { states, shadow } = this;
    this.logger.error(`Given up; the rows stay as they were. ${messageOf(error)}`, stackOf(error));
    await states.transaction(async (manager) => {
      await shadow.drop(manager);
      await states.fail(manager, this.lease, messageOf(error));
    });
    return 'failed';
  }

  private async pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.signal });
    } catch {
      // Aborted: the rebuild is to end.
    }
  }
}
