import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { LONGEST_LEASE } from '../../subscriptions/states/longest-lease.js';
import { CancelledSchedule } from '../emission.js';
import type { ClaimedCommand, Settlement } from './claimed-command.js';
import { FairOrder } from './fair-order.js';
import { lockSaga } from './lock-saga.js';
import type { Claimer, DoneCommands, OutboxTable } from './outbox-table.js';
import type { InsertedCommand, OutboxChange, PendingCommand } from './pending-command.js';
import type { ScheduleClock } from './schedule-clock.js';

/** Commands take longer than batches of events and need takeover less often, so a claim lasts this many leases. */
export const CLAIM_IN_LEASES = 3;
/** In ms. */
const LONGEST_CLAIM = CLAIM_IN_LEASES * LONGEST_LEASE;
/** Tolerance for small clock corrections, in ms. */
const MARGIN = 60_000;

/** Commands that sagas have emitted and that are not finished. Shared by all processes. */
export class Outbox {
  constructor(
    private readonly table: OutboxTable,
    private readonly claimer: Claimer,
  ) {}

  /** How long a claim on a command lasts, in ms. */
  get claimFor(): number {
    return this.claimer.claimFor;
  }

  get clock(): ScheduleClock {
    return this.table.clock;
  }

  /**
   * Adds pending commands in this transaction, and carries out cancellations; in order of emission. It locks the saga's row
   * of state, which a transaction of a range of partitions has not: otherwise a command could wait for one that another node
   * settles at the same time. A command that is already in the outbox is not added again. Wake the worker
   * after the commit.
   */
  async add(manager: EntityManager, saga: string, changes: readonly OutboxChange[]): Promise<void> {
    const { ordered, schedules } = sorted(changes);
    const added: InsertedCommand[] = [];
    if (ordered.length > 0) {
      await lockSaga(manager, saga);
      const keys = new Set(ordered.map(({ fairnessKey }) => fairnessKey));
      const order = new FairOrder(await this.table.fairnessClocks(manager, keys));
      added.push(...ordered.map((each) => ({ ...each, virtualTime: order.advance(each.fairnessKey) })));
    }
    if (schedules.size > 0) await this.table.cancel(manager, saga, [...schedules.keys()]);
    for (const each of schedules.values()) {
      // Its time is in the future. It must not advance the clock of its key, which would delay the commands before it.
      if (each?.schedule) added.push({ ...each, fairnessKey: '', virtualTime: each.schedule.dueAt });
    }
    if (added.length > 0) await this.table.insert(manager, saga, added);
    if (ordered.length > 0) await this.table.readyFirst(manager, saga, new Set(ordered.map(({ stream }) => stream)));
  }

  /** When the next command of these sagas can be claimed, in ms from now. */
  dueIn(sagas: readonly string[]): Promise<number | undefined> {
    return this.table.dueIn(sagas);
  }

  /**
   * Stores outcomes of one saga's commands, which makes the next ones of their streams ready, and claims other due
   * commands of these sagas. Those that were done are settled in the transaction of the claim, because the worker calls it in a loop;
   * those that failed, in one before.
   * @param limit the most commands to claim
   * @returns the claimed commands, and when the next one is due, in ms from now
   */
  async settleAndClaim(
    settlements: readonly Settlement[],
    sagas: readonly string[],
    limit: number,
  ): Promise<{ claimed: ClaimedCommand[]; dueIn: number | undefined }> {
    const done = settlements.filter(({ outcome }) => outcome.kind === 'done');
    if (done.length < settlements.length) await this.settleFailed(settlements.filter((each) => !done.includes(each)));
    return this.table.settleAndClaim(this.claimer, doneCommands(done), sagas, limit);
  }

  /** Claims the command of one dead letter that is to be retried, if it is due and not claimed by another process. */
  claimLetter(letterId: string): Promise<ClaimedCommand | undefined> {
    return this.table.claimLetter(this.claimer, letterId);
  }

  /**
   * Makes commands due whose due time is further ahead than is possible: the database's clock was wrong when they were
   * claimed, released, or set to be retried. Scheduled commands stay as they are.
   * @param longestPause longest backoff between two attempts of these sagas, in ms
   */
  makeImpossibleTimesDue(sagas: readonly string[], longestPause: number): Promise<void> {
    const retrying = Math.ceil(longestPause) + MARGIN;
    return this.table.makeDue(sagas, { claimed: LONGEST_CLAIM, ready: MARGIN, retrying });
  }

  /** Renews the claims on commands that take long. */
  renew(ids: readonly string[]): Promise<void> {
    return this.table.renew(this.claimer, ids);
  }

  /** Skips a command that another process has claimed in the meantime, because that process stores its outcome. */
  private settleFailed(settlements: readonly Settlement[]): Promise<void> {
    const { saga } = settlements[0]!.command;
    return this.table.transaction(async (manager) => {
      await lockSaga(manager, saga);
      for (const settlement of settlements) await this.settleOne(manager, settlement);
      const next = orderingKeysOf(settlements.filter(({ outcome }) => outcome.kind === 'refused'));
      if (next.length > 0) await this.table.readyFirst(manager, saga, next);
    });
  }

  /** A refusal is final, so the later commands of its stream continue. A fault blocks them. */
  private async settleOne(
    manager: EntityManager,
    { command: { id, hasCompensation }, outcome }: Settlement,
  ): Promise<void> {
    const { table } = this;
    const { owner } = this.claimer;
    switch (outcome.kind) {
      case 'done':
        return;
      case 'failed':
      case 'left':
        return table.retryLater(manager, owner, id, outcome);
      case 'refused':
        if (hasCompensation && (await table.compensate(manager, owner, id))) return;
        return table.bury(manager, owner, id, outcome.failure, { id: uuidv7(), leavesOrder: true });
      case 'dead':
        return table.bury(manager, owner, id, outcome.failure, { id: uuidv7(), leavesOrder: false });
    }
  }
}

function doneCommands(settlements: readonly Settlement[]): DoneCommands | undefined {
  const [first] = settlements;
  return (
    first && {
      saga: first.command.saga,
      ids: settlements.map(({ command }) => command.id),
      orderingKeys: orderingKeysOf(settlements),
    }
  );
}

function orderingKeysOf(settlements: readonly Settlement[]): string[] {
  return settlements.flatMap(({ command: { orderingKey } }) => orderingKey ?? []);
}

/** Schedules by key. One that is cancelled, or replaced by a later one, is never stored. */
function sorted(changes: readonly OutboxChange[]) {
  const ordered: PendingCommand[] = [];
  const schedules = new Map<string, PendingCommand | undefined>();
  for (const change of changes) {
    if (change instanceof CancelledSchedule) schedules.set(change.key, undefined);
    else if (change.schedule) schedules.set(change.schedule.key, change);
    else ordered.push(change);
  }
  return { ordered, schedules };
}
