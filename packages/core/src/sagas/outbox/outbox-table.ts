import type { EntityManager } from 'typeorm';
import type { Write } from '../../databases/dependent-write.js';
import { type Executed, execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { CountColumns, DeadLetterColumns, FateColumns } from '../../subscriptions/parking/dead-letter-store.js';
import type { Failure } from '../../subscriptions/parking/failure.js';
import type { RenamedCommands } from '../../subscriptions/renamed-subscriptions.js';
import { type ClaimedCommand, claimedCommand, type OutboxRow, type RetriedLater } from './claimed-command.js';
import type { FairnessClock } from './fair-order.js';
import { jsonLists } from './json-lists.js';
import { sagaLock } from './lock-saga.js';
import { OutboxSql } from './outbox-table.sql.js';
import type { InsertedCommand } from './pending-command.js';
import type { ScheduleClock } from './schedule-clock.js';

/** A process that claims commands, and for how long, in ms. */
export interface Claimer {
  readonly owner: string;
  readonly claimFor: number;
}

/** Commands of one saga that were executed. */
export interface DoneCommands {
  readonly saga: string;
  readonly ids: readonly string[];
  /** Of those that have one. */
  readonly orderingKeys: readonly string[];
}

/**
 * All access to the outbox, except what operators see, `OutboxContents`. Methods that take a manager run in its
 * transaction.
 */
export class OutboxTable implements RenamedCommands {
  private readonly sql: OutboxSql;

  constructor(
    private readonly database: OpenDatabase,
    readonly clock: ScheduleClock,
  ) {
    this.sql = new OutboxSql(database.write.dialect, clock);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.write.transaction(work);
  }

  /** Adds commands. One that is already in the outbox is left as it is. */
  async insert(manager: EntityManager, saga: string, commands: readonly InsertedCommand[]): Promise<void> {
    for (const list of jsonLists(commands)) await this.run(manager, this.sql.insert, saga, list);
  }

  async fairnessClocks(manager: EntityManager, keys: Iterable<string>): Promise<FairnessClock[]> {
    const { rows } = await this.run<OutboxRow>(manager, this.sql.fairnessClocks, JSON.stringify([...keys]));
    return rows.map(({ key, latest, now }) => ({ key: key as string, latest: Number(latest ?? 0), now: Number(now) }));
  }

  /** A command that a process has claimed can't be cancelled any more, even if it failed or its process crashed. */
  async cancel(manager: EntityManager, saga: string, scheduleKeys: readonly string[]): Promise<void> {
    await this.run(manager, this.sql.cancel, saga, this.list(scheduleKeys));
  }

  /** Makes the first command with each ordering key ready, if it was waiting. The saga's row of state is locked. */
  async readyFirst(manager: EntityManager, saga: string, orderingKeys: Iterable<string>): Promise<void> {
    await this.run(manager, this.sql.readyFirst, saga, JSON.stringify([...orderingKeys]));
  }

  /**
   * Deletes commands that are done, makes the next ones with their ordering keys ready, and claims due commands of these sagas in
   * the order of their virtual times; one after the other, in a transaction in which nothing is waited for.
   * @param limit the most commands to claim
   * @returns the claimed commands, and when the next one can be claimed, in ms from now
   */
  async settleAndClaim(
    by: Claimer,
    done: DoneCommands | undefined,
    sagas: readonly string[],
    limit: number,
  ): Promise<{ claimed: ClaimedCommand[]; dueIn: number | undefined }> {
    const list = this.list(sagas);
    const results = await this.database.write.inTurn(() => [
      ...(done ? this.settling(by.owner, done) : []),
      { sql: this.sql.claim, parameters: [list, limit, list, limit, limit, by.owner, by.claimFor] },
      { sql: this.sql.dueIn, parameters: [list] },
    ]);
    const [claimed, due] = results.slice(-2).map(({ rows }) => rows as OutboxRow[]);
    return { claimed: claimed!.map(claimedCommand), dueIn: dueInOf(due!) };
  }

  private settling(owner: string, { saga, ids, orderingKeys }: DoneCommands): Write[] {
    const next = { sql: this.sql.readyFirst, parameters: [saga, JSON.stringify(orderingKeys)] };
    return [
      ...sagaLock(this.database.write.dialect, saga),
      { sql: this.sql.deleteDone, parameters: [owner, this.list(ids)] },
      ...(orderingKeys.length > 0 ? [next] : []),
    ];
  }

  /** Claims the command of a dead letter that is to be retried, if it is due. */
  async claimLetter({ owner, claimFor }: Claimer, letterId: string): Promise<ClaimedCommand | undefined> {
    const parameters = [owner, claimFor, letterId];
    const { rows } = await this.runAtOnce<OutboxRow>(() => this.sql.claimLetter, ...parameters);
    return rows[0] && claimedCommand(rows[0]);
  }

  async renew({ owner, claimFor }: Claimer, ids: readonly string[]): Promise<void> {
    await this.runAtOnce(() => this.sql.renew, claimFor, owner, this.list(ids));
  }

  /** When the next command of these sagas can be claimed, in ms from now. */
  async dueIn(sagas: readonly string[]): Promise<number | undefined> {
    return dueInOf(await select<OutboxRow>(this.database.read, this.sql.dueIn, [this.list(sagas)]));
  }

  /** Makes commands due that are due later than these times from now, in ms. Scheduled commands stay as they are. */
  async makeDue(
    sagas: readonly string[],
    later: { readonly claimed: number; readonly ready: number; readonly retrying: number },
  ): Promise<void> {
    await this.runAtOnce(() => this.sql.makeDue, this.list(sagas), later.claimed, later.ready, later.retrying);
  }

  /** @returns false if another process has claimed the command in the meantime */
  async compensate(manager: EntityManager, owner: string, id: string): Promise<boolean> {
    return (await this.run(manager, this.sql.compensate, id, owner)).affected === 1;
  }

  /** An attempt of a `left` command counts only when it has been failing for `LEFT_FOR`. */
  async retryLater(
    manager: EntityManager,
    owner: string,
    id: string,
    { kind, failure: { message, stack }, dueIn }: RetriedLater,
  ): Promise<void> {
    const sql = kind === 'left' ? this.sql.leave : this.sql.retryLater;
    await this.run(manager, sql, Math.ceil(dueIn), message, stack, id, owner);
  }

  /**
   * Makes the command a dead letter.
   * @param letter its new id, and whether the later commands of its stream continue
   */
  async bury(
    manager: EntityManager,
    owner: string,
    id: string,
    { message, stack }: Failure,
    letter: { readonly id: string; readonly leavesOrder: boolean },
  ): Promise<void> {
    await this.run(manager, this.sql.bury(letter.leavesOrder), letter.id, message, stack, id, owner);
  }

  deadLetters(condition: string, parameters: readonly unknown[]): Promise<DeadLetterColumns[]> {
    return select(this.database.read, this.sql.deadLetters(condition), parameters);
  }

  countLetters(): Promise<CountColumns[]> {
    return select(this.database.read, this.sql.countLetters, []);
  }

  async fate(letterId: string): Promise<FateColumns | undefined> {
    return (await select<FateColumns>(this.database.read, this.sql.fate, [letterId]))[0];
  }

  async retryLetter(letterId: string): Promise<boolean> {
    return (await this.database.write.statement(this.sql.retryLetter, [letterId])).affected === 1;
  }

  /** @returns the ordering key of the deleted command; undefined when there is no such dead letter */
  async discardLetter(manager: EntityManager, letterId: string): Promise<{ orderingKey: string | null } | undefined> {
    const { rows } = await this.run<{ line: string | null }>(manager, this.sql.discardLetter, letterId);
    return rows[0] && { orderingKey: rows[0].line };
  }

  /** Number of commands of each saga that has some. */
  async countBySaga(): Promise<Map<string, number>> {
    type Row = { readonly saga: string; readonly commands: number | string };
    const rows = await select<Row>(this.database.read, this.sql.countBySaga, []);
    return new Map(rows.map(({ saga, commands }) => [saga, Number(commands)]));
  }

  /**
   * Counts a saga's commands, and those that processes execute. Locks them, because a process claims a command without
   * locking the saga's row of state. Either the process has already claimed the command, and this waits for it, or it
   * skips the command until this transaction ends.
   */
  async count(manager: EntityManager, saga: string): Promise<{ all: number; executed: number }> {
    type Row = { readonly commands: number | string; readonly executed: number | string | null };
    const { rows } = await this.run<Row>(manager, this.sql.count, saga);
    return { all: Number(rows[0]!.commands), executed: Number(rows[0]!.executed ?? 0) };
  }

  async deleteAll(manager: EntityManager, saga: string): Promise<void> {
    await this.run(manager, this.sql.deleteAll, saga);
  }

  /**
   * Moves the commands to another saga, under the same ids, ahead of its own commands with the same ordering keys. A
   * schedule of the other saga replaces a moved one with the same key. Both rows of state are locked.
   */
  async move(manager: EntityManager, from: string, to: string): Promise<void> {
    await this.run(manager, this.sql.deleteReplaced, from, to);
    await this.run(manager, this.sql.rename, to, from);
    await this.run(manager, this.sql.waitForEarlier, to);
    await this.run(manager, this.sql.readyWithoutEarlier, to);
  }

  async rename(manager: EntityManager, from: string, to: string): Promise<number> {
    return (await this.run(manager, this.sql.rename, to, from)).affected;
  }

  async areExecuted(manager: EntityManager, saga: string): Promise<boolean> {
    return (await this.run(manager, this.sql.executed, saga)).rows.length > 0;
  }

  async endClaims(manager: EntityManager, saga: string): Promise<void> {
    await this.run(manager, this.sql.endClaims, saga);
  }

  private list(values: readonly string[]): unknown {
    return this.database.write.dialect.list(values);
  }

  /**
   * Runs one write with the schedule clock's time in its text. The text is made when the write no longer waits for others:
   * a test that moves the clock meanwhile would make a claim of the new time look impossibly far ahead.
   */
  private async runAtOnce<Row>(sql: () => string, ...parameters: readonly unknown[]): Promise<Executed<Row>> {
    const [result] = await this.database.write.inTurn(() => [{ sql: sql(), parameters }]);
    return result as Executed<Row>;
  }

  private run<Row>(manager: EntityManager, sql: string, ...parameters: readonly unknown[]): Promise<Executed<Row>> {
    return execute<Row>(manager.queryRunner!, sql, parameters);
  }
}

function dueInOf([row]: readonly OutboxRow[]): number | undefined {
  return row && Math.max(Number(row.due_in), 0);
}
