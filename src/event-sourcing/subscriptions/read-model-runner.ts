import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { WriteDatabase } from '../databases/write-database.js';
import type { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../events/event-serializer.js';
import { ReadModelBatch } from '../read-models/read-model-batch.js';
import type { ReadModelPositions } from '../read-models/read-model-positions.js';
import { checkOrigin, ForeignReadModelError } from './check-origin.js';
import { contextOf } from './event-handler.js';
import type { LogTail } from './log-tail.js';
import { type Lease, LeaseLostError, type ReadModelState, type ReadModelStates } from './read-model-states.js';
import { RetryPolicy } from './retry-policy.js';
import type { ReadModelSubscription } from './subscription-registry.js';

export interface RunnerSurroundings {
  readonly log: EventLog;
  readonly tail: LogTail;
  readonly serializer: EventSerializer;
  readonly states: ReadModelStates;
  readonly positions: ReadModelPositions;
  readonly views: WriteDatabase;
  /** How often a read model that another process owns is asked for, in ms. */
  readonly claimInterval: number;
}

/** Events of one transaction. */
const BATCH = 500;
/** How often a checkpoint is written that only passed over events of others, in ms. */
const PASSING_INTERVAL = 1_000;

/** Follows the log for one read model, as long as this process has its lease. */
export class ReadModelRunner {
  private readonly logger: Logger;
  private readonly types: ReadonlySet<string>;
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly subscription: ReadModelSubscription,
    private readonly around: RunnerSurroundings,
  ) {
    this.logger = new Logger(`read model ${subscription.name}`);
    this.types = new Set(subscription.types);
  }

  start(): void {
    this.loop = this.run();
  }

  /** Lets the batch under way commit, and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const retry = new RetryPolicy();
    let restart = true;
    while (!this.stopped) {
      let lease: (Lease & ReadModelState) | undefined;
      try {
        lease = await this.claim(restart);
        restart = false;
        if (lease) {
          await checkOrigin(lease, this.around.log);
          await this.follow(lease, retry);
        } else await this.pause(this.around.claimInterval);
      } catch (error) {
        const verdict = verdictOn(error, retry);
        this.logger.warn(`${(error as Error).message} (${verdict === 'stop' ? 'stopping' : 'trying again'})`);
        if (verdict === 'stop') await this.giveUp(lease, error);
        else await this.pause(retry.pause);
      } finally {
        this.around.positions.forget(this.subscription.name);
      }
    }
  }

  private async claim(restart: boolean): Promise<(Lease & ReadModelState) | undefined> {
    const { name, version } = this.subscription;
    return this.around.states.claim(name, version, await this.around.log.id(), restart);
  }

  private async follow(lease: Lease & ReadModelState, retry: RetryPolicy): Promise<void> {
    const { tail, positions, states } = this.around;
    let { position } = lease;
    let stored = position;
    let storedAt = Date.now();
    while (!this.stopped) {
      const { events, upTo } = await this.read(position);
      if (events.length > 0) {
        await this.handle(lease, events, stored, upTo);
        stored = upTo;
        storedAt = Date.now();
        retry.succeeded();
      } else if (upTo > stored && Date.now() - storedAt >= PASSING_INTERVAL) {
        await this.passOver(lease, stored, upTo);
        stored = upTo;
        storedAt = Date.now();
      }
      position = upTo;
      positions.report(this.subscription.name, position);
      if (position >= tail.position) await tail.changed(position, PASSING_INTERVAL);
    }
    if (position > stored) await this.passOver(lease, stored, position);
    await states.release(lease, null);
  }

  /** The next events of this read model, from memory when it is at the head. */
  private async read(after: number): Promise<{ events: RecordedEvent[]; upTo: number }> {
    const slice = this.around.tail.slice(after, BATCH);
    if (!slice) return this.around.log.readAll({ after, limit: BATCH, types: this.subscription.types });
    return {
      events: slice.filter((event) => this.types.has(event.type)),
      upTo: slice.at(-1)?.position ?? after,
    };
  }

  private async handle(lease: Lease, events: readonly RecordedEvent[], from: number, to: number): Promise<void> {
    const { views, serializer, states } = this.around;
    await views.transaction(async (manager) => {
      const batch = new ReadModelBatch(manager, events);
      await batch.run(async () => {
        for (const recorded of events) {
          const event = serializer.fromRecorded(recorded);
          if (event) await this.subscription.handler.handle(event, contextOf(recorded));
        }
      });
      await batch.flush();
      await states.advance(manager, lease, { from, to, handled: events.length, eventId: events.at(-1)!.eventId });
    });
  }

  private passOver(lease: Lease, from: number, to: number): Promise<void> {
    const { views, states } = this.around;
    return views.transaction((manager) => states.advance(manager, lease, { from, to, handled: 0, eventId: null }));
  }

  private async giveUp(lease: Lease | undefined, error: unknown): Promise<void> {
    this.logger.error(
      `Stopped, and its rows stay as they are, until the cause is mended and the application started again.`,
      (error as Error).stack,
    );
    try {
      if (lease) await this.around.states.release(lease, (error as Error).message);
    } catch (cause) {
      this.logger.warn(`Could not note that it stopped: ${(cause as Error).message}`);
    }
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.stopping.signal });
    } catch {
      // Aborted: it is time to stop.
    }
  }
}

function verdictOn(error: unknown, retry: RetryPolicy): 'again' | 'stop' {
  if (error instanceof ForeignReadModelError) return 'stop';
  return error instanceof LeaseLostError ? 'again' : retry.after(error);
}
