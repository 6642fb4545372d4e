import { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { DATABASE_AWAY_BACKOFF, pauseAfter } from '../subscriptions/retry-policy.js';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import { Signal } from '../subscriptions/signal.js';
import type { BackgroundWork } from '../subscriptions/subscription-host.js';
import type { ScheduleClock } from '../sagas/outbox/schedule-clock.js';
import type { DeclaredJobs } from './declared-jobs.js';
import type { DueJobs } from './due-jobs.js';

/** Longest timer, in ms: clocks may differ, and a timer stands still while the machine sleeps. */
const LONGEST_WAIT = 60_000;

/**
 * Adds the commands of jobs when they are due. Runs in every process that runs subscriptions; the row locks of the
 * database keep them from running a job twice. Without jobs it sends no query.
 */
export class RecurringWorker implements BackgroundWork {
  private readonly logger = new Logger('recurring jobs');
  private readonly wake = new Signal();
  /** The schedules may have changed. */
  private wanted = true;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private clockMoves: Subscription | undefined;

  constructor(
    private readonly declared: DeclaredJobs,
    private readonly due: DueJobs,
    private readonly clock: ScheduleClock,
  ) {}

  start(): void {
    if (this.loop || this.declared.all.length === 0) return;
    this.clockMoves = this.clock.moved$.subscribe(() => this.check());
    this.loop = this.run();
  }

  check(): void {
    this.wanted = true;
    this.wake.fire();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.clockMoves?.unsubscribe();
    this.wake.fire();
    await this.loop;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      this.wanted = false;
      let wait: number;
      try {
        wait = (await this.due.add()) ?? LONGEST_WAIT;
        failures = 0;
      } catch (error) {
        this.logger.warn(`Recurring jobs could not be run; trying again: ${messageOf(error)}`);
        wait = pauseAfter(++failures, DATABASE_AWAY_BACKOFF);
      }
      if (!this.wanted && !this.stopping) await this.wake.wait(Math.min(wait, LONGEST_WAIT));
    }
  }
}
