import { performance } from 'node:perf_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { EventLoopShare } from './event-loop-share.js';
import { Signal } from './signal.js';

/** Number of events kept in memory for subscriptions at the head. */
const KEPT = 4_096;
const SLICE = 1_000;
/** Interval between polls when there was no notification, in ms. It covers lost notifications. */
const POLL = 2_500;
/** Pause before events that were announced are looked for again, in ms. */
const NOT_YET = 20;
/** Events are read for so long after somebody last asked for them, in ms. A reader that handles events asks later. */
const ASKED = 10_000;

/** Somebody who receives the events at the head as they are read. */
export interface TailListener {
  /** Whether it wants the events that come now. */
  isListening(): boolean;
  receive(events: readonly RecordedEvent[]): void;
}

/**
 * Reads the head of the log, once for this process. Subscriptions at the head share what it read; one that is further
 * behind reads for itself. It wakes on local appends, on notifications of other nodes, and on a poll. While nobody wants
 * the events, it only follows the position.
 */
@Injectable()
export class LogTail {
  private readonly logger = new Logger(LogTail.name);
  private events: RecordedEvent[] = [];
  private readUpTo = 0;
  private readonly grown = new Signal();
  private readonly mayHaveGrown = new Signal();
  private readonly share = new EventLoopShare();
  /** The log may have grown to an unknown position. */
  private isUncertain = true;
  private stopped = false;
  private readonly listeners = new Set<TailListener>();
  private askedAt = -Infinity;
  /** The log is known to have reached this position. */
  private hinted = 0;
  private hints: Subscription | undefined;
  private loop: Promise<void> | undefined;

  constructor(private readonly log: EventLog) {}

  /**
   * Hands over events as they are read, in global order, beginning at the start of the process.
   * @returns ends it
   */
  listen(listener: TailListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Position up to which the log has been read. */
  get position(): number {
    return this.readUpTo;
  }

  /** Reading has ended. */
  get hasEnded(): boolean {
    return this.stopped;
  }

  start(): void {
    if (this.loop) return;
    this.hints = this.log.appended$.subscribe((position) => {
      if (position === 0) this.isUncertain = true;
      this.hinted = Math.max(this.hinted, position);
      if (this.isBehind()) this.mayHaveGrown.fire();
    });
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.hints?.unsubscribe();
    this.mayHaveGrown.fire();
    await this.loop;
    this.grown.fire();
    this.listeners.clear();
  }

  /** Wakes all waiting callers, because there may be other work to do. */
  wakeAll(): void {
    this.grown.fire();
  }

  /** The events after `after`, if they are in memory. */
  slice(after: number, limit: number): RecordedEvent[] | undefined {
    this.askedAt = performance.now();
    const first = this.events[0]?.position ?? this.readUpTo + 1;
    if (after < first - 1 || after > this.readUpTo) return undefined;
    return this.events.slice(after - first + 1, after - first + 1 + limit);
  }

  /** Settles when there may be events after `position`, after `limit` ms at the latest, or when the signal aborts. */
  async changed(position: number, limit: number, signal?: AbortSignal): Promise<void> {
    this.askedAt = performance.now();
    if (this.readUpTo > position || this.stopped) return;
    await this.grown.wait(limit, signal);
  }

  private async run(): Promise<void> {
    let started = false;
    while (!this.stopped) {
      let hasFailed = false;
      try {
        if (!started) {
          this.readUpTo = await this.log.head();
          started = true;
          this.grown.fire();
        }
        await this.readToHead();
      } catch (error) {
        hasFailed = true;
        this.logger.warn(`The event log can't be read at the moment: ${(error as Error).message}`);
      }
      if ((hasFailed || !this.isBehind()) && !this.stopped) await this.mayHaveGrown.wait(POLL);
      // Nothing said that the log has grown, but a notification may be lost.
      if (!this.isBehind()) this.isUncertain = true;
    }
  }

  private isBehind(): boolean {
    return this.isUncertain || this.hinted > this.readUpTo;
  }

  private async readToHead(): Promise<void> {
    while (this.isBehind() && !this.stopped) {
      await this.share.yieldIfUsedUp();
      if (!this.isWanted() && !this.isUncertain) return this.passTo(this.hinted);
      this.isUncertain = false;
      if (!this.isWanted()) {
        const head = await this.log.head();
        // Who began to listen meanwhile gets what was committed since then.
        if (!this.isWanted()) return this.passTo(head);
      }
      const { events, upTo } = await this.log.readAll({ after: this.readUpTo, limit: SLICE });
      if (events.length === SLICE) this.isUncertain = true;
      if (upTo === this.readUpTo) {
        // What a notification has told may not be there to read yet.
        if (this.isBehind()) await this.mayHaveGrown.wait(NOT_YET);
        return;
      }
      this.events.push(...events);
      if (this.events.length > KEPT) this.events.splice(0, this.events.length - KEPT);
      this.readUpTo = upTo;
      this.grown.fire();
      for (const each of this.listeners) if (each.isListening()) each.receive(events);
    }
  }

  private isWanted(): boolean {
    if (this.grown.isAwaited || performance.now() - this.askedAt < ASKED) return true;
    return [...this.listeners].some((each) => each.isListening());
  }

  /** Goes on without reading. Who asks for those events later reads them for itself. */
  private passTo(position: number): void {
    if (position <= this.readUpTo) return;
    this.events = [];
    this.readUpTo = position;
  }
}
