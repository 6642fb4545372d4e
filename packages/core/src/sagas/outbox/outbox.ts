import type { EntityManager } from 'typeorm';
import type { Dialect } from '../../databases/dialects/dialect.js';
import { execute, select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { LONGEST_LEASE } from '../../subscriptions/states/longest-lease.js';
import { addToOutbox } from './add-to-outbox.js';
import { lockLines } from './lines.js';
import type { OutboxChange, Settlement, TakenCommand } from './saga-command.js';
import type { ScheduleClock } from './schedule-clock.js';
import { settle } from './settle.js';

/** Commands take longer than batches of events and need takeover less often, so a claim lasts this many leases. */
export const CLAIM_IN_LEASES = 3;
/** In ms. */
const LONGEST_CLAIM = CLAIM_IN_LEASES * LONGEST_LEASE;
/** Tolerance for small clock corrections, in ms. */
const MARGIN = 60_000;

type Columns = Readonly<Record<string, string | number | null>>;

/** Commands that sagas have emitted and that are not finished. Shared by all processes. */
export class Outbox {
  constructor(
    private readonly database: OpenDatabase,
    /** Identifies this process among those that share the outbox. */
    private readonly owner: string,
    /** How long a claim on a command lasts, in ms. */
    readonly claimFor: number,
    readonly clock: ScheduleClock,
  ) {}

  /**
   * Adds commands, in the transaction that moves the saga's checkpoint and so has locked its row of state. A command
   * that is already in the outbox is not added again.
   */
  add(manager: EntityManager, saga: string, changes: readonly OutboxChange[]): Promise<void> {
    return addToOutbox(manager, saga, changes);
  }

  /** When the next command of these sagas can be claimed, in ms from now. */
  async dueIn(sagas: readonly string[]): Promise<number | undefined> {
    const rows = await select<Columns>(this.database.read, this.nextDue, [this.dialect.list(sagas)]);
    return dueInOf(rows);
  }

  /**
   * Stores outcomes of one saga's commands, which releases the next ones of their lines, and claims other due commands
   * of these sagas. It is one transaction, because the worker calls it in a loop.
   * @param limit the most commands to claim
   * @returns the claimed commands, and when the next one is due, in ms from now
   */
  turn(
    settlements: readonly Settlement[],
    sagas: readonly string[],
    limit: number,
  ): Promise<{ taken: TakenCommand[]; dueIn: number | undefined }> {
    return this.database.write.transaction(async (manager) => {
      if (settlements.length > 0) {
        await lockLines(manager, settlements[0]!.command.saga);
        await settle(manager, this.owner, settlements);
      }
      const taken = limit > 0 ? await this.take(manager, sagas, limit) : [];
      const { rows } = await execute<Columns>(manager.queryRunner!, this.nextDue, [this.dialect.list(sagas)]);
      return { taken, dueIn: dueInOf(rows) };
    });
  }

  /** Claims the command of one dead letter that is to be retried, if it is due and not claimed by another process. */
  async takeLetter(letterId: string): Promise<TakenCommand | undefined> {
    const { rows } = await this.database.write.statement<Columns>(
      `update leftfold_saga_commands set ${this.taking} where letter_id = ? and due_at <= (select ${this.now}) returning *`,
      [this.owner, this.claimFor, letterId],
    );
    return rows[0] && takenCommand(rows[0]);
  }

  /**
   * Makes commands due whose due time is further ahead than is possible: the database's clock was wrong when they were
   * claimed, released, or set to be retried. Scheduled commands stay as they are.
   * @param longestPause longest backoff between two attempts of these sagas, in ms
   */
  async makeImpossibleTimesDue(sagas: readonly string[], longestPause: number): Promise<void> {
    await this.database.write.statement(
      `update leftfold_saga_commands set due_at = ${this.now}
        where ${this.dialect.isAnyOf('saga')} and (claimed_by is not null or state in ('ready', 'retrying'))
          and due_at > ${this.now} + case when claimed_by is not null then cast(? as bigint)
                                     when state = 'ready' then cast(? as bigint) else cast(? as bigint) end`,
      [this.dialect.list(sagas), LONGEST_CLAIM, MARGIN, Math.ceil(longestPause) + MARGIN],
    );
  }

  /** Renews the claims on commands that take long. */
  async renew(ids: readonly string[]): Promise<void> {
    await this.database.write.statement(
      `update leftfold_saga_commands set due_at = ${this.now} + ? where claimed_by = ? and ${this.dialect.isAnyOf('id')}`,
      [this.claimFor, this.owner, this.dialect.list(ids)],
    );
  }

  private async take(manager: EntityManager, sagas: readonly string[], limit: number): Promise<TakenCommand[]> {
    const { rows } = await execute<Columns>(
      manager.queryRunner!,
      `with due as (select id from leftfold_saga_commands where due_at is not null and due_at <= (select ${this.now}) and ${this.dialect.isAnyOf('saga')}
                     order by turn, position, place limit ? ${this.dialect.forUpdateSkipLocked})
       update leftfold_saga_commands set ${this.taking}
        where id in (select id from due) returning *`,
      [this.dialect.list(sagas), limit, this.owner, this.claimFor],
    );
    return rows.map(takenCommand);
  }

  private get now(): string {
    return this.clock.now(this.database.write.kind);
  }

  private get taking(): string {
    return `claimed_by = ?, due_at = ${this.now} + ?, tries = tries + 1, attempts = attempts + 1,
              deaths = deaths + case when claimed_by is null then 0 else 1 end`;
  }

  private get nextDue(): string {
    return `select due_at - ${this.now} as due_in from leftfold_saga_commands
             where due_at is not null and ${this.dialect.isAnyOf('saga')} order by due_at limit 1`;
  }

  private get dialect(): Dialect {
    return this.database.write.dialect;
  }
}

function dueInOf([row]: readonly Columns[]): number | undefined {
  return row && Math.max(Number(row.due_in), 0);
}

function takenCommand(row: Columns): TakenCommand {
  return {
    id: row.id as string,
    saga: row.saga as string,
    stream: row.stream as string,
    line: row.line as string | null,
    position: Number(row.position),
    name: row.name as string,
    version: Number(row.version),
    data: row.data as string,
    correlationId: row.correlation_id as string,
    causationId: row.causation_id as string,
    traceparent: row.traceparent as string | null,
    custom: row.custom as string | null,
    tries: Number(row.tries),
    deaths: Number(row.deaths),
    hasCompensation: row.otherwise_id !== null,
  };
}
