import { Logger } from '@nestjs/common';
import { type Failure, failureOf } from '../subscriptions/parking/failure.js';
import { DATABASE_AWAY_BACKOFF, pauseAfter } from '../subscriptions/retry-policy.js';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import { Signal } from '../subscriptions/signal.js';
import type { BackgroundWork } from '../subscriptions/subscription-host.js';
import type { Telemetry } from '../telemetry.js';
import type { ClaimedMessage } from './claimed-message.js';
import type { DeclaredHandler, DeclaredHandlers } from './declared-handlers.js';
import type { InboxTable } from './inbox-table.js';
import type { UnderstoodMessage } from './incoming-message.js';
import type { MessageAttempt, MessageOutcome } from './message-attempt.js';
import { messageIdOf } from './message-id.js';
import { usedUpByDeaths } from './used-up.js';

/** Longest timer, in ms: clocks may differ, and a timer stands still while the machine sleeps. */
const LONGEST_WAIT = 60_000;

/**
 * Retries the dead letters of messages on request, without the broker. Each is claimed, so that one process retries it. A
 * claim that expires during an attempt does no harm: the command has the same id on the other process. Without handlers
 * it sends no query.
 */
export class MessageRetries implements BackgroundWork {
  private readonly logger = new Logger('incoming messages');
  private readonly wake = new Signal();
  /** There may be something to retry. */
  private wanted = true;
  private stopping = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly handlers: DeclaredHandlers,
    private readonly table: InboxTable,
    private readonly attempt: MessageAttempt,
    private readonly telemetry: Telemetry,
  ) {}

  start(): void {
    if (this.loop || this.handlers.names.length === 0) return;
    this.loop = this.run();
  }

  check(): void {
    this.wanted = true;
    this.wake.fire();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake.fire();
    await this.loop;
  }

  /**
   * Makes one attempt at a dead letter whose retry was requested.
   * @returns false when it is not due, or another process has claimed it; then nothing was done
   */
  async retryOne(letterId: string): Promise<boolean> {
    const claimed = await this.table.claimLetter(letterId);
    if (!claimed) return false;
    await this.retry(claimed);
    return true;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      this.wanted = false;
      let wait: number;
      try {
        wait = (await this.retryDue()) ?? LONGEST_WAIT;
        failures = 0;
      } catch (error) {
        this.logger.warn(`Dead letters of messages can't be retried at the moment: ${messageOf(error)}`);
        wait = pauseAfter(++failures, DATABASE_AWAY_BACKOFF);
      }
      if (!this.wanted && !this.stopping) await this.wake.wait(Math.min(wait, LONGEST_WAIT));
    }
  }

  /** @returns when the next one is due, in ms from now */
  private async retryDue(): Promise<number | undefined> {
    const { handlers, table } = this;
    const longest = Math.max(...handlers.all.map(({ retry }) => retry.backoff.longest));
    const dueIn = await table.dueIn(handlers.names, longest);
    if (dueIn !== 0) return dueIn;
    while (!this.stopping) {
      const claimed = await table.claim(handlers.names, longest);
      if (!claimed) return table.dueIn(handlers.names, longest);
      await this.retry(claimed);
    }
    return undefined;
  }

  private async retry(claimed: ClaimedMessage): Promise<void> {
    const { table } = this;
    const { retry, ...handler } = this.handlers.find(claimed.handler)!;
    const deadly = usedUpByDeaths(claimed, retry.deaths, claimed.error);
    if (deadly) return table.buryAgain(claimed, deadly);
    const outcome = await this.make(handler, claimed);
    if (outcome.kind === 'done') return table.handled(claimed);
    const { kind, failure } = outcome;
    const failures = claimed.failures + 1;
    if (kind === 'refused' || (kind === 'failed' && failures >= retry.attempts))
      return table.buryAgain(claimed, failure);
    this.telemetry.retried(claimed.handler, 'message');
    return table.retryLater(claimed, failure, pauseAfter(failures, retry.backoff), kind === 'failed');
  }

  private async make(
    { name, read }: Pick<DeclaredHandler, 'name' | 'read'>,
    claimed: ClaimedMessage,
  ): Promise<MessageOutcome> {
    let understood: UnderstoodMessage;
    try {
      understood = read(claimed);
    } catch (error) {
      const failure: Failure = failureOf(error);
      return { kind: 'refused', failure };
    }
    // Under the id that it has when it is published again, also if it was not understood before.
    return this.attempt.make(name, messageIdOf(name, understood), understood);
  }
}
