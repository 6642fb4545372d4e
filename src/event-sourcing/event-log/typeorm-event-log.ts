import { performance } from 'node:perf_hooks';
import { type Observable, Subject } from 'rxjs';
import { NOW_IN_MS } from '../databases/now.js';
import type { OpenDatabase } from '../databases/open-database.js';
import type { AppendEnd, Telemetry } from '../telemetry.js';
import { EventLogUnavailableError } from './event-log.errors.js';
import type { AppendOptions, AppendResult, StreamAppend } from './event-log.js';
import { type BatchTarget, GroupCommit } from './group-commit.js';
import type { LogIdentity } from './log-identity.js';
import { COLUMNS } from './look-up.js';
import { type Outcome, asOwn, storedEvents, storedOutcome } from './outcome.js';
import { type AppendLimits, type PreparedAppend, prepareAppend } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';
import { type FailureKind, TypeOrmReader } from './typeorm-reader.js';

export interface LogSurroundings {
  /** Hear of appends by other processes. */
  readonly listen: boolean;
  readonly telemetry: Telemetry;
}

/** What both adapters share: preparing, group commit, trying again, and, inherited, reading. */
export abstract class TypeOrmEventLog extends TypeOrmReader implements BatchTarget {
  readonly appended$: Observable<number>;
  protected readonly appended = new Subject<number>();
  private readonly group = new GroupCommit(this);
  private lostSince: number | undefined;
  private readonly lastFailures = new WeakMap<PreparedAppend, FailureKind>();

  protected constructor(
    database: OpenDatabase,
    identity: LogIdentity,
    private readonly limits: AppendLimits,
    private readonly telemetry: Telemetry,
  ) {
    super(database, identity);
    this.appended$ = this.appended.asObservable();
  }

  /**
   * Sends one transaction. Appends of a batch don't touch one another.
   * @param hurry the database gave up on it before: it should do so sooner now
   */
  protected abstract send(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]>;
  async append(appends: readonly StreamAppend[], options: AppendOptions = {}): Promise<AppendResult> {
    const calledAt = performance.now();
    let end: AppendEnd = 'failed';
    try {
      const outcome = await this.group.submit(prepareAppend(appends, options, this.identity.tagKey, this.limits));
      end = outcome.kind;
      if (outcome.kind === 'refused') throw outcome.error;
      return outcome.result;
    } finally {
      this.telemetry.appended(end, performance.now() - calledAt);
    }
  }

  async commit(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    try {
      const outcomes = await this.sendTold(batch, false);
      this.lostSince = undefined;
      this.announce(outcomes);
      return outcomes;
    } catch (error) {
      const kind = this.failureKind(error);
      if (kind === 'lost') this.lostSince ??= Date.now();
      for (const append of batch) this.lastFailures.set(append, kind);
      throw error;
    }
  }

  async commitAgain(append: PreparedAppend): Promise<Outcome> {
    for (;;) {
      try {
        const outcome = await this.sendAgain(append);
        this.lostSince = undefined;
        this.announce([outcome]);
        return outcome;
      } catch (error) {
        const kind = this.failureKind(error);
        this.lastFailures.set(append, kind);
        if (kind === 'slow' || kind === 'unavailable') throw new EventLogUnavailableError(error);
        if (kind !== 'lost') throw error;
        await this.pauseBeforeReconnect(error);
      }
    }
  }

  async forgetExpiredCommands(): Promise<void> {
    await this.database.write.transaction(async (manager) => {
      await manager.query(`delete from commands where expires_at < ${NOW_IN_MS[this.database.write.kind]}`);
    });
  }

  /** Stores what waits, takes nothing more, and lets go of its connections. */
  async close(): Promise<void> {
    await this.group.close();
    this.appended.complete();
  }

  private async sendTold(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]> {
    const sentAt = performance.now();
    const outcomes = await this.send(batch, hurry);
    this.telemetry.committed(batch.length, storedEvents(batch, outcomes), performance.now() - sentAt);
    return outcomes;
  }

  private async sendAgain(append: PreparedAppend): Promise<Outcome> {
    const lastFailure = this.lastFailures.get(append);
    try {
      const [outcome] = await this.sendTold([append], lastFailure === 'slow');
      // What stands in the way may be this append's own first try, whose reply was lost.
      const blocked = outcome!.kind === 'refused' || outcome!.result.repeated;
      const first = blocked ? await this.findStored(append) : undefined;
      return first ?? (lastFailure === 'lost' ? asOwn(append, outcome!) : outcome!);
    } catch (error) {
      const first = this.failureKind(error) === 'duplicate' ? await this.findStored(append) : undefined;
      if (first) return first;
      throw error;
    }
  }

  /** The outcome of an earlier try of this same append, told by the ids of its events. */
  private async findStored(append: PreparedAppend): Promise<Outcome | undefined> {
    const sent = append.streams.flatMap(({ stream, events }) => events.map((event) => ({ stream, ...event })));
    if (sent.length === 0) return undefined;
    const filter = this.anyOf(
      'e.event_id',
      sent.map((event) => event.eventId),
    );
    const rows = await this.query<EventRow>(`select ${COLUMNS} from events e where ${filter.sql} order by e.position`, [
      filter.parameter,
    ]);
    // Somebody else's event under the same id is no success of this append.
    const same = sent.every(({ stream, eventId, data }, index) => {
      const row = rows[index];
      return row?.event_id === eventId && row.stream === stream && row.data === data;
    });
    if (rows.length !== sent.length || !same) return undefined;
    const versions: Record<string, number> = {};
    for (const row of rows) versions[row.stream] = Number(row.version);
    const last = rows.at(-1)!;
    return storedOutcome(append, Number(last.position), versions, Number(last.recorded_at));
  }

  private announce(outcomes: readonly Outcome[]): void {
    let last = 0;
    for (const each of outcomes) {
      if (each.kind === 'stored' && !each.result.repeated) last = Math.max(last, each.result.position);
    }
    if (last > 0) this.appended.next(last);
  }

  private async pauseBeforeReconnect(error: unknown): Promise<void> {
    this.lostSince ??= Date.now();
    if (Date.now() - this.lostSince > this.database.limits.reconnect) throw new EventLogUnavailableError(error);
    await new Promise((resume) => setTimeout(resume, 25 + Math.random() * 75));
  }
}
