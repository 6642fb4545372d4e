import { Injectable, Logger } from '@nestjs/common';
import { Subject, type Subscription } from 'rxjs';
import { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { EventLoopShare } from './event-loop-share.js';
import { Signal } from './signal.js';

/** Number of events kept in memory for subscriptions at the head. */
const KEPT = 4_096;
const SLICE = 1_000;
/** Interval between polls when there was no notification, in ms. It covers lost notifications. */
const POLL = 2_500;

/**
 * Reads the head of the log, once for this process. Subscriptions at the head share what it read; one that is further
 * behind reads for itself. It wakes on local appends, on notifications of other nodes, and on a poll.
 */
@Injectable()
export class LogTail {
  private readonly logger = new Logger(LogTail.name);
  private events: RecordedEvent[] = [];
  private readUpTo = 0;
  private readonly grown = new Signal();
  private readonly mayHaveGrown = new Signal();
  private readonly share = new EventLoopShare();
  private isWoken = false;
  private stopped = false;
  private readonly read = new Subject<readonly RecordedEvent[]>();
  private hints: Subscription | undefined;
  private loop: Promise<void> | undefined;

  constructor(private readonly log: EventLog) {}

  /** Events as they are read, in global order, beginning at the start of the process. */
  readonly events$ = this.read.asObservable();

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
    this.hints = this.log.appended$.subscribe(() => this.wakeReader());
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.hints?.unsubscribe();
    this.wakeReader();
    await this.loop;
    this.grown.fire();
    this.read.complete();
  }

  /** Wakes all waiting callers, because there may be other work to do. */
  wakeAll(): void {
    this.grown.fire();
  }

  /** The events after `after`, if they are in memory. */
  slice(after: number, limit: number): RecordedEvent[] | undefined {
    const first = this.events[0]?.position ?? this.readUpTo + 1;
    if (after < first - 1 || after > this.readUpTo) return undefined;
    return this.events.slice(after - first + 1, after - first + 1 + limit);
  }

  /** Settles when there may be events after `position`, after `limit` ms at the latest, or when the signal aborts. */
  async changed(position: number, limit: number, signal?: AbortSignal): Promise<void> {
    if (this.readUpTo > position || this.stopped) return;
    await this.grown.wait(limit, signal);
  }

  private async run(): Promise<void> {
    let started = false;
    while (!this.stopped) {
      try {
        if (!started) {
          this.readUpTo = await this.log.head();
          started = true;
          this.grown.fire();
        }
        await this.readToHead();
      } catch (error) {
        this.logger.warn(`The event log can't be read at the moment: ${(error as Error).message}`);
      }
      await this.waitForEvents();
    }
  }

  private async readToHead(): Promise<void> {
    while (!this.stopped) {
      await this.share.yieldIfUsedUp();
      const { events, upTo } = await this.log.readAll({ after: this.readUpTo, limit: SLICE });
      if (upTo === this.readUpTo) return;
      this.events.push(...events);
      if (this.events.length > KEPT) this.events.splice(0, this.events.length - KEPT);
      this.readUpTo = upTo;
      this.grown.fire();
      this.read.next(events);
    }
  }

  private async waitForEvents(): Promise<void> {
    if (!this.isWoken && !this.stopped) await this.mayHaveGrown.wait(POLL);
    this.isWoken = false;
  }

  private wakeReader(): void {
    this.isWoken = true;
    this.mayHaveGrown.fire();
  }
}
