import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { LONGEST_LEASE } from '../../subscriptions/states/longest-lease.js';
import { CancelledSchedule } from '../emission.js';
import type { ClaimedCommand, Settlement } from './claimed-command.js';
import { FairOrder } from './fair-order.js';
import { lockSaga } from './lock-saga.js';
import type { Claimer, OutboxTable } from './outbox-table.js';
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
   * commands of these sagas. It is one transaction, because the worker calls it in a loop.
   * @param limit the most commands to claim
   * @returns the claimed commands, and when the next one is due, in ms from now; that is left out when it claimed as many as it may
   */
  settleAndClaim(
    settlements: readonly Settlement[],
    sagas: readonly string[],
    limit: number,
  ): Promise<{ claimed: ClaimedCommand[]; dueIn: number | undefined }> {
    return this.table.transaction(async (manager) => {
      if (settlements.length > 0) await this.settle(manager, settlements);
      const claimed = limit > 0 ? await this.table.claim(manager, this.claimer, sagas, limit) : [];
      const isFull = limit > 0 && claimed.length === limit;
      return { claimed, dueIn: isFull ? undefined : await this.table.dueIn(sagas, manager) };
    });
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
  private async settle(manager: EntityManager, settlements: readonly Settlement[]): Promise<void> {
    const { saga } = settlements[0]!.command;
    await lockSaga(manager, saga);
    const done = settlements.filter(({ outcome }) => outcome.kind === 'done').map(({ command }) => command.id);
    if (done.length > 0) await this.table.deleteDone(manager, this.claimer.owner, done);
    for (const settlement of settlements) await this.settleFailed(manager, settlement);
    const next = settlements.flatMap(({ command, outcome: { kind } }) =>
      command.orderingKey !== null && (kind === 'done' || kind === 'refused') ? [command.orderingKey] : [],
    );
    if (next.length > 0) await this.table.readyFirst(manager, saga, next);
  }

  /** A refusal is final, so the later commands of its stream continue. A fault blocks them. */
  private async settleFailed(
    manager: EntityManager,
    { command: { id, hasCompensation }, outcome }: Settlement,
  ): Promise<void> {
    const { table } = this;
    const { owner } = this.claimer;
    switch (outcome.kind) {
      case 'done':
        return;
      case 'failed':
        return table.retryLater(manager, owner, id, outcome.failure, outcome.dueIn);
      case 'refused':
        if (hasCompensation && (await table.compensate(manager, owner, id))) return;
        return table.bury(manager, owner, id, outcome.failure, { id: uuidv7(), leavesOrder: true });
      case 'dead':
        return table.bury(manager, owner, id, outcome.failure, { id: uuidv7(), leavesOrder: false });
    }
  }
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
