import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Observable, Subject } from 'rxjs';
import type { Executed } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import type { AppendEnd, Telemetry } from '../telemetry.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { EarlierTry } from './earlier-try.js';
import { EventLogUnavailableError } from './event-log.errors.js';
import type { AppendOptions, AppendResult, StreamAppend } from './event-log.js';
import type { FailureKind } from './failure-kind.js';
import { type BatchTarget, GroupCommit } from './group-commit.js';
import type { LogIdentity } from './log-identity.js';
import { ChunkFiller } from './look-ups/chunk-filler.js';
import { type Filling, LookUpFiller } from './look-ups/look-up-filler.js';
import { OwnEvents } from './look-ups/own-events.js';
import { OutcomeUnknownError, withoutWrapper } from './outcome-unknown.error.js';
import { type Outcome, storedEvents } from './outcome.js';
import { type AppendLimits, type PreparedAppend, prepareAppend } from './prepared-append.js';
import { PersonalAppends } from './personal-appends.js';
import { TypeOrmReader } from './typeorm-reader.js';

export interface AdapterOptions {
  /** Listen for appends by other processes. */
  readonly listen: boolean;
  readonly telemetry: Telemetry;
  readonly personal: PersonalFieldsCipher;
}

/** How many command ids one statement deletes. */
const FORGOTTEN_AT_ONCE = 1_000;

interface Failure {
  /** How the latest attempt failed. */
  readonly kind: FailureKind;
  /** A reply was lost after the append had been sent, in the latest attempt or in an earlier one. */
  readonly mayBeStored: boolean;
}

/** The writing half that both adapters share: preparing, group commit, retries. Reading is inherited. */
export abstract class TypeOrmEventLog extends TypeOrmReader implements BatchTarget {
  abstract readonly secondBatchFrom: number;
  readonly appended$: Observable<number>;
  protected readonly appended = new Subject<number>();
  /** For the look-ups. */
  protected readonly own = new OwnEvents();
  private readonly group = new GroupCommit(this);
  private lostSince: number | undefined;
  private forgetting: Promise<Executed<unknown>> | undefined;
  private isClosing = false;
  private readonly failures = new WeakMap<PreparedAppend, Failure>();
  private readonly earlierTry: EarlierTry;
  private readonly telemetry: Telemetry;
  private readonly lookUps: LookUpFiller;
  private readonly personalAppends: PersonalAppends;

  protected constructor(
    database: OpenDatabase,
    identity: LogIdentity,
    private readonly limits: AppendLimits,
    { listen, telemetry, personal }: AdapterOptions,
  ) {
    super(database, identity, personal);
    this.personalAppends = new PersonalAppends(personal);
    this.appended$ = this.appended.asObservable();
    this.earlierTry = new EarlierTry(this.queries);
    this.lookUps = new LookUpFiller(this.fillingOf(database), database.limits.quietLookUps);
    this.telemetry = telemetry;
    this.appended.subscribe((position) => this.lookUps.notice(position));
    // After an upgrade, or after the process that appended last has crashed.
    if (listen) this.lookUps.notice(0);
  }

  /**
   * Sends one transaction. The appends of the batch don't conflict.
   * @param hurry the database gave up on it before, so it gets a shorter time limit now
   * @throws OutcomeUnknownError when the batch may have been stored; after any other error it was not
   */
  protected abstract send(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]>;

  /** Called by the constructor. */
  protected fillingOf(database: OpenDatabase): Filling {
    return new ChunkFiller(database, this.own);
  }

  async append(appends: readonly StreamAppend[], options: AppendOptions = {}): Promise<AppendResult> {
    const calledAt = performance.now();
    let end: AppendEnd = 'failed';
    try {
      const isPersonal = this.personalAppends.concerns(appends);
      // Awaited only where it must be, so that other appends stay in the order of their calls.
      const encrypted = isPersonal
        ? await this.queries.answered(() => this.personalAppends.encrypt(appends, options))
        : { appends, options };
      const outcome = await this.group.submit(
        prepareAppend(encrypted.appends, encrypted.options, this.identity.tagKey, this.limits),
      );
      end = outcome.kind;
      if (outcome.kind === 'refused') throw outcome.error;
      if (options.commandId === undefined) return outcome.result;
      return await this.withOpenResult(outcome.result, options.commandId);
    } finally {
      this.telemetry.appended(end, performance.now() - calledAt);
    }
  }

  async commit(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    try {
      const outcomes = await this.sendTold(batch, false);
      this.own.note(batch, outcomes);
      this.lostSince = undefined;
      this.announce(outcomes);
      return outcomes;
    } catch (error) {
      this.own.forget();
      for (const append of batch) {
        if (this.noteFailure(append, error) === 'lost') this.lostSince ??= Date.now();
      }
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
        const kind = this.noteFailure(append, error);
        if (kind === 'slow' || kind === 'unavailable') throw new EventLogUnavailableError(error);
        if (kind !== 'lost') throw withoutWrapper(error);
        await this.pauseBeforeReconnect(error);
      }
    }
  }

  /** A part at a time: on SQLite this process does nothing else meanwhile, and on both databases an append may wait for it. */
  async forgetExpiredCommands(): Promise<void> {
    const { dialect } = this.database.write;
    const sql = `delete from leftfold_commands where command_id in (
      select command_id from leftfold_commands where expires_at < ${dialect.now} limit ?)`;
    for (let deleted = FORGOTTEN_AT_ONCE; deleted === FORGOTTEN_AT_ONCE && !this.isClosing;) {
      this.forgetting = this.database.write.statement(sql, [FORGOTTEN_AT_ONCE]);
      deleted = (await this.forgetting).affected;
      await nextTurn();
    }
  }

  /** Stores the queued appends, accepts no more, and closes its connections. */
  async close(): Promise<void> {
    this.isClosing = true;
    // The caller gets its error.
    await Promise.allSettled([this.forgetting]);
    await this.group.close();
    this.appended.complete();
    await this.lookUps.close();
  }

  private async sendTold(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]> {
    const sentAt = performance.now();
    const outcomes = await this.send(batch, hurry);
    this.telemetry.committed(batch.length, storedEvents(batch, outcomes), performance.now() - sentAt);
    return outcomes;
  }

  private async sendAgain(append: PreparedAppend): Promise<Outcome> {
    const { kind, mayBeStored } = this.failures.get(append)!;
    let outcome: Outcome | undefined;
    let duplicate: unknown;
    try {
      [outcome] = await this.sendTold([append], kind === 'slow');
    } catch (error) {
      if (this.failureKind(withoutWrapper(error)) !== 'duplicate') throw error;
      duplicate = error;
    }
    const blocked = outcome?.kind !== 'stored' || outcome.result.repeated;
    // The conflict may be with this append's own first attempt, whose reply was lost.
    const first = blocked && mayBeStored ? await this.earlierTry.find(append, outcome) : undefined;
    const judged = first ?? outcome ?? (await this.earlierTry.takenId(append));
    if (!judged) throw duplicate;
    return judged;
  }

  /** Records how the latest attempt failed, and whether any attempt may have been stored. */
  private noteFailure(append: PreparedAppend, error: unknown): FailureKind {
    const kind = this.failureKind(withoutWrapper(error));
    const before = this.failures.get(append)?.mayBeStored ?? false;
    this.failures.set(append, { kind, mayBeStored: before || error instanceof OutcomeUnknownError });
    return kind;
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
