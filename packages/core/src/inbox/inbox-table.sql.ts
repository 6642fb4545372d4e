import type { Dialect } from '../databases/dialects/dialect.js';

const IDENTITY = 'id, handler, subject, type, stream, sequence, body';

/** What changes a row that the broker still delivers. An operator's decision stands. */
const FAILING = `leftfold_inbox_messages.state = 'failing'`;

/** The texts of all statements on the inbox; `InboxTable` runs them. */
export class InboxSql {
  private readonly now: string;

  constructor(private readonly dialect: Dialect) {
    this.now = dialect.now;
  }

  readonly find = 'select state, tries, failures, error from leftfold_inbox_messages where id = ?';

  /** Records an attempt before it is made. Returns no row when the message is no longer the broker's. */
  readonly begin = `insert into leftfold_inbox_messages (${IDENTITY}, state, tries, failures, attempts)
      values (?, ?, ?, ?, ?, ?, ?, 'failing', 1, 0, 1)
      on conflict (id) do update set tries = leftfold_inbox_messages.tries + 1, attempts = leftfold_inbox_messages.attempts + 1
        where ${FAILING}
      returning tries, failures`;

  readonly takeBack = `update leftfold_inbox_messages set tries = tries - 1, attempts = attempts - 1
      where id = ? and tries > failures and ${FAILING}`;

  readonly remove = `delete from leftfold_inbox_messages where id = ? and ${FAILING}`;

  /** Parameters after the identity: error, stack, and 1 for an attempt that was not recorded before, else 0. */
  get fail(): string {
    return `insert into leftfold_inbox_messages
        (${IDENTITY}, state, tries, failures, attempts, first_failed_at, last_failed_at, error, stack)
      values (?, ?, ?, ?, ?, ?, ?, 'failing', 1, 1, 1, ${this.now}, ${this.now}, ?, ?)
      on conflict (id) do update set tries = leftfold_inbox_messages.tries + ?, attempts = leftfold_inbox_messages.attempts + ?,
          failures = leftfold_inbox_messages.failures + 1, ${this.failed}, error = excluded.error, stack = excluded.stack
        where ${FAILING}
      returning failures`;
  }

  /** Parameters after the identity: letter id, error, stack. The attempts are those that were recorded. */
  get bury(): string {
    return `insert into leftfold_inbox_messages
        (${IDENTITY}, state, tries, failures, attempts, letter_id, first_failed_at, last_failed_at, error, stack)
      values (?, ?, ?, ?, ?, ?, ?, 'dead', 1, 1, 1, ?, ${this.now}, ${this.now}, ?, ?)
      on conflict (id) do update set state = 'dead', letter_id = excluded.letter_id, ${this.failed},
          error = excluded.error, stack = excluded.stack
        where ${FAILING}`;
  }

  /**
   * A due time that is too far ahead was set while the database's clock was wrong; then it is due. Times are compared as sums, so
   * that the messages are read in the order of the index, without those that have no time.
   */
  get claim(): string {
    return `update leftfold_inbox_messages set ${this.claiming}
             where id in (select id from leftfold_inbox_messages
                           where due_at is not null and state = 'retrying' and ${this.dialect.isAnyOf('handler')}
                             and (due_at + 0 <= ${this.now} or due_at + 0 > ${this.now} + ?)
                           order by due_at limit 1 ${this.dialect.forUpdateSkipLocked})
            returning *`;
  }

  get claimLetter(): string {
    return `update leftfold_inbox_messages set ${this.claiming}
             where letter_id = ? and state = 'retrying' and due_at <= ${this.now} returning *`;
  }

  get dueIn(): string {
    return `select min(due_at) - ${this.now} as due_in from leftfold_inbox_messages
             where due_at is not null and state = 'retrying' and ${this.dialect.isAnyOf('handler')}`;
  }

  readonly handled = 'delete from leftfold_inbox_messages where id = ? and claimed_by = ?';

  /** Parameters: how many attempts to take back (1 or 0), the same, whether it failed (1 or 0), pause, error, stack. */
  get retryLater(): string {
    return `update leftfold_inbox_messages
               set tries = tries - ?, attempts = attempts - ?, failures = failures + ?, due_at = ${this.now} + ?,
                   claimed_by = null, last_failed_at = ${this.now}, error = ?, stack = ?
             where id = ? and claimed_by = ?`;
  }

  get buryAgain(): string {
    return `update leftfold_inbox_messages
               set state = 'dead', due_at = null, claimed_by = null, last_failed_at = ${this.now}, error = ?, stack = ?
             where id = ? and claimed_by = ?`;
  }

  /** @param condition on the row */
  deadLetters(condition: string): string {
    return `select letter_id as id, handler as subscription, sequence as position, stream, 0 as version, type, attempts,
                   first_failed_at, last_failed_at, error, stack, 0 as waiting
              from leftfold_inbox_messages where state = 'dead' and ${condition}`;
  }

  readonly countLetters = `select handler as subscription, count(*) as letters from leftfold_inbox_messages
                            where letter_id > '' and state = 'dead' group by handler`;

  get fate(): string {
    return `select handler as subscription, state, claimed_by is null and due_at <= ${this.now} as is_due, attempts, error
              from leftfold_inbox_messages where letter_id = ? and state in ('dead', 'retrying')`;
  }

  get retryLetter(): string {
    return `update leftfold_inbox_messages set state = 'retrying', tries = 0, failures = 0, due_at = ${this.now}
             where letter_id = ? and state = 'dead'`;
  }

  /** The row stays: if the broker delivers the message again, it has been decided on. */
  readonly discardLetter = `update leftfold_inbox_messages set state = 'discarded', body = null
      where letter_id = ? and state = 'dead'`;

  private get failed(): string {
    return `first_failed_at = coalesce(leftfold_inbox_messages.first_failed_at, ${this.now}), last_failed_at = ${this.now}`;
  }

  private get claiming(): string {
    return `claimed_by = ?, due_at = ${this.now} + ?, tries = tries + 1, attempts = attempts + 1`;
  }
}
