import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { IF_IT_HANGS, LONG } from '../../subscriptions/runners/long-work.js';
import { DATABASE_AWAY_BACKOFF, pauseAfter } from '../../subscriptions/retry-policy.js';
import { messageOf } from '../../subscriptions/runners/handler-failure.js';
import { Signal } from '../../subscriptions/signal.js';
import type { CommandExecutor } from './command-executor.js';
import type { CommandSources } from './command-sources.js';
import type { Outbox } from './outbox.js';
import type { ClaimedCommand, Settlement } from './claimed-command.js';

/** Number of commands that this process executes concurrently, so that other processes get a share of a few. */
const FEWEST_AT_ONCE = 16;
/** The same while there is a backlog: more of them share a transaction for their outcomes. See decision 48. */
const MOST_AT_ONCE = 64;
/** Longest timer, in ms. Node's limit is 24 days; that long is never needed. */
const LONGEST_WAIT = 60_000;
/** Interval between checks for commands whose due time is impossibly far ahead, in ms. */
const CHECK_INTERVAL = 10 * 60_000;

interface RunningCommand {
  readonly command: ClaimedCommand;
  /** By `performance.now()`. */
  readonly since: number;
  isReported: boolean;
}

/**
 * Claims commands from the outbox and executes them, concurrently with other processes. It queries the database only on
 * a signal, or when a command is due.
 */
export class OutboxWorker {
  private readonly logger = new Logger('saga commands');
  private readonly wake = new Signal();
  private readonly running = new Map<string, RunningCommand>();
  private atOnce = FEWEST_AT_ONCE;
  /** Outcomes that are not yet stored in the database. */
  private finished: Settlement[] = [];
  private sagas: readonly string[] = [];
  /** `check`: there may be a command to claim. `claim`: there is one. */
  private next: 'nothing' | 'check' | 'claim' = 'nothing';
  /** When the next command is due, and when claims must be renewed, by `performance.now()`. */
  private dueAt = Infinity;
  private renewAt = Infinity;
  private nextCheckAt = 0;
  private stopping = false;
  private loop: Promise<void> | undefined;
  private clockMoves: Subscription | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly executor: CommandExecutor,
    private readonly sources: CommandSources,
  ) {}

  start(): void {
    this.sagas = this.sources.all.map(({ name }) => name);
    if (this.sagas.length === 0 || this.loop) return;
    this.check();
    this.clockMoves = this.outbox.clock.moved$.subscribe(() => this.check());
    this.loop = this.run();
  }

  /** Checks for commands: there may be new ones, or a process may have crashed. */
  check(): void {
    if (this.next === 'nothing') this.next = 'check';
    this.wake.fire();
  }

  /** Claims commands: there is at least one. */
  claim(): void {
    this.next = 'claim';
    this.wake.fire();
  }

  /** Lets running commands finish and stores their outcomes. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.clockMoves?.unsubscribe();
    this.wake.fire();
    await this.loop;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping || this.running.size > 0 || this.finished.length > 0) {
      await this.waitForWork();
      try {
        await this.work();
        failures = 0;
      } catch (error) {
        this.logger.warn(`The outbox can't be reached at the moment: ${messageOf(error)}`);
        // Their claims expire and another process executes them again, with the same ids and so the same effect.
        if (this.stopping && this.running.size === 0) return;
        this.check();
        await this.wake.wait(pauseAfter(++failures, DATABASE_AWAY_BACKOFF));
      }
    }
  }

  private async waitForWork(): Promise<void> {
    // SQLite answers synchronously, so yield to the event loop.
    await nextTurn();
    if (this.next !== 'nothing' || this.finished.length > 0) return;
    if (this.stopping && this.running.size === 0) return;
    const until = Math.min(this.dueAt, this.renewAt) - performance.now();
    await this.wake.wait(Math.min(Math.max(until, 0), LONGEST_WAIT));
  }

  private async work(): Promise<void> {
    if (this.renewAt <= performance.now()) {
      await this.outbox.renew([...this.running.keys()]);
      this.renewAt = performance.now() + this.outbox.claimFor / 3;
      this.reportLong();
    }
    if (this.nextCheckAt <= performance.now() && !this.stopping) await this.makeImpossibleTimesDue();
    const free = this.stopping ? 0 : Math.max(this.atOnce - this.running.size, 0);
    if (this.finished.length > 0) return this.settleAndClaim(free);
    const { next } = this;
    const isDue = this.dueAt <= performance.now();
    this.next = 'nothing';
    // At full capacity there is no need to query; each finished command claims the next one.
    if (free === 0) this.dueAt = Infinity;
    else if (next === 'claim') await this.settleAndClaim(free);
    else if (next === 'check' || isDue) await this.checkAndClaim(free);
  }

  private async makeImpossibleTimesDue(): Promise<void> {
    this.nextCheckAt = performance.now() + CHECK_INTERVAL;
    const pauses = this.sources.all.map(({ retry }) => retry.backoff.longest);
    await this.outbox.makeImpossibleTimesDue(this.sagas, Math.max(...pauses));
  }

  private async checkAndClaim(free: number): Promise<void> {
    const dueIn = await this.outbox.dueIn(this.sagas);
    if (dueIn === 0) await this.settleAndClaim(free);
    else this.dueAt = performance.now() + (dueIn ?? Infinity);
  }

  private async settleAndClaim(free: number): Promise<void> {
    this.next = 'nothing';
    const saga = this.finished[0]?.command.saga;
    const settled = this.finished.filter(({ command }) => command.saga === saga);
    const { claimed, dueIn } = await this.outbox.settleAndClaim(settled, this.sagas, free);
    this.finished = this.finished.filter((each) => !settled.includes(each));
    if (claimed.length < free) this.atOnce = FEWEST_AT_ONCE;
    else if (free > 0 && settled.length > 0) this.atOnce = Math.min(2 * this.atOnce, MOST_AT_ONCE);
    for (const command of claimed) this.execute(command);
    this.dueAt = performance.now() + (claimed.length === free ? Infinity : (dueIn ?? Infinity));
  }

  private execute(command: ClaimedCommand): void {
    // The claim may have expired while this process was frozen, so that it now claims its own command again.
    if (this.running.has(command.id)) return;
    if (this.running.size === 0) this.renewAt = performance.now() + this.outbox.claimFor / 3;
    this.running.set(command.id, { command, since: performance.now(), isReported: false });
    void this.executor.execute(command).then((outcome) => {
      this.running.delete(command.id);
      if (this.running.size === 0) this.renewAt = Infinity;
      this.finished.push({ command, outcome });
      this.wake.fire();
    });
  }
  /** Says once of each command that it may hang. Nothing ends it: whether it still does something is not known. */
  private reportLong(): void {
    for (const each of this.running.values()) {
      if (each.isReported || performance.now() - each.since < LONG) continue;
      each.isReported = true;
      const { name, saga, position } = each.command;
      const cause = position === 0 ? '' : `, caused by the event at position ${position},`;
      this.logger.warn(
        `The command ${name} of ${saga}${cause} has been running for ${LONG / 60_000} minutes. The later commands of its ` +
          `stream wait for it, and this process executes at most ${MOST_AT_ONCE} at the same time. ${IF_IT_HANGS}`,
      );
    }
  }
}
