import type { Dialect } from '../../databases/dialects/dialect.js';
import { PENDING_COLUMNS } from './pending-columns.js';
import type { ScheduleClock } from './schedule-clock.js';

const HAS_EARLIER = `exists (select 1 from leftfold_saga_commands q
   where q.saga = leftfold_saga_commands.saga and q.line = leftfold_saga_commands.line
     and (q.position, q.place) < (leftfold_saga_commands.position, leftfold_saga_commands.place))`;

/** Scheduled by a saga, and not begun. Runs of recurring jobs have no position. */
const SCHEDULED = `state = 'scheduled' and claimed_by is null and position > 0`;
const ENTRY = 'id, saga, schedule_key, name, due_at, stream, correlation_id';

/** Commands that events caused, after an id, with what a verification compares them with. */
export const CHECKED_COMMANDS = `select c.id, c.saga, c.position, c.stream, c.line, c.state, c.causation_id,
              (select e.event_id from leftfold_events e where e.position = c.position) as event_id,
              (select e.stream from leftfold_events e where e.position = c.position) as event_stream,
              exists (select 1 from leftfold_saga_commands q where q.saga = c.saga and q.line = c.line
                         and (q.position, q.place) < (c.position, c.place)) as is_later,
              exists (select 1 from leftfold_subscriptions s where s.name = c.saga) as is_owned
         from leftfold_saga_commands c where c.id > ? and c.position > 0 order by c.id limit ?`;

/**
 * For how long, from its first failure on, attempts of nodes that are too old for a command don't count, in ms: a rolling deployment is over
 * by then, and otherwise an operator has to know.
 */
export const LEFT_FOR = 60 * 60_000;

/** The texts of all statements on the outbox; `OutboxTable` and `OutboxContents` run them. */
export class OutboxSql {
  private readonly now: string;

  constructor(
    private readonly dialect: Dialect,
    private readonly clock: ScheduleClock,
  ) {
    this.now = dialect.now;
  }

  /** The clock by which commands come due. */
  private get scheduleNow(): string {
    return this.clock.now(this.dialect.kind);
  }

  get insert(): string {
    return `insert into leftfold_saga_commands (${Object.keys(PENDING_COLUMNS).join(', ')})
            select ${Object.values(PENDING_COLUMNS).join(', ')} from ${this.dialect.jsonElements} e where true
                on conflict (id) do nothing`;
  }

  get fairnessClocks(): string {
    return `select k.value as key, (select max(c.turn) from leftfold_saga_commands c where c.party = k.value) as latest,
                   ${this.now} as now
              from ${this.dialect.jsonTexts} k`;
  }

  get cancel(): string {
    return `delete from leftfold_saga_commands where saga = ? and state = 'scheduled' and claimed_by is null
               and ${this.dialect.isAnyOf('schedule_key')}`;
  }

  get readyFirst(): string {
    return `update leftfold_saga_commands set state = 'ready', due_at = ${this.now}
             where state = 'waiting' and id in
               (select (select c.id from leftfold_saga_commands c where c.saga = ? and c.line = k.value
                         order by c.position, c.place limit 1)
                  from ${this.dialect.jsonTexts} k)`;
  }

  /**
   * Reads a page of the due commands in their order, and one of the due schedules, and claims the first of both. Parameters: the
   * sagas and the limit, both again, the limit again, the owner, and how long it claims them.
   */
  get claim(): string {
    const { forUpdateSkipLocked } = this.dialect;
    const now = `(select ${this.scheduleNow})`;
    const page = (condition: string, order: string): string =>
      `select * from (select id, turn, position, place from leftfold_saga_commands
                       where ${condition} and ${this.ofSagas} order by ${order} limit ? ${forUpdateSkipLocked})`;
    // A sum, so that no database takes the index on the due time, and sorts all that are due.
    const ready = page(`due_at is not null and state <> 'scheduled' and due_at + 0 <= ${now}`, 'turn, position, place');
    const schedules = page(`state = 'scheduled' and due_at <= ${now}`, 'due_at');
    return `with due as (select id from (${ready} as ready union all ${schedules} as schedules) as ready_or_scheduled
                          order by turn, position, place limit ?)
            update leftfold_saga_commands set ${this.claiming} where id in (select id from due) returning *`;
  }

  get claimLetter(): string {
    return `update leftfold_saga_commands set ${this.claiming}
             where letter_id = ? and due_at <= (select ${this.scheduleNow}) returning *`;
  }

  get renew(): string {
    return `update leftfold_saga_commands set due_at = ${this.scheduleNow} + ?
             where claimed_by = ? and ${this.dialect.isAnyOf('id')}`;
  }

  get dueIn(): string {
    return `select due_at - ${this.scheduleNow} as due_in from leftfold_saga_commands
             where due_at is not null and ${this.ofSagas} order by due_at limit 1`;
  }

  get makeDue(): string {
    const now = this.scheduleNow;
    return `update leftfold_saga_commands set due_at = ${now}
             where ${this.dialect.isAnyOf('saga')} and (claimed_by is not null or state in ('ready', 'retrying'))
               and due_at > ${now} + case when claimed_by is not null then cast(? as bigint)
                                          when state = 'ready' then cast(? as bigint) else cast(? as bigint) end`;
  }

  get deleteDone(): string {
    return `delete from leftfold_saga_commands where claimed_by = ? and ${this.dialect.isAnyOf('id')}`;
  }

  /** The compensation gets the refused command's place in the order. */
  get compensate(): string {
    return `update leftfold_saga_commands
               set id = otherwise_id, name = otherwise_name, version = otherwise_version, data = otherwise_data,
                   otherwise_id = null, otherwise_name = null, otherwise_version = null, otherwise_data = null,
                   state = 'ready', due_at = ${this.now}, claimed_by = null, tries = 0, deaths = 0, attempts = 0,
                   letter_id = null, first_failed_at = null, last_failed_at = null, error = null, stack = null
             where id = ? and claimed_by = ?`;
  }

  get retryLater(): string {
    return this.failing(`state = 'retrying', due_at = ${this.now} + ?`);
  }

  get leave(): string {
    const isNew = `(first_failed_at is null or first_failed_at > ${this.now} - ${LEFT_FOR})`;
    return this.failing(
      `state = 'retrying', due_at = ${this.now} + ?, tries = case when ${isNew} then tries - 1 else tries end`,
    );
  }

  /** @param leavesOrder the later commands of its stream don't wait for it */
  bury(leavesOrder: boolean): string {
    const order = leavesOrder ? ', line = null' : '';
    return this.failing(`state = 'dead', due_at = null, letter_id = coalesce(letter_id, ?)${order}`);
  }

  /**
   * A command without an event that caused it has position 0.
   * @param condition on the row, `c`
   */
  deadLetters(condition: string): string {
    return `select c.letter_id as id, c.saga as subscription, c.position, c.stream, coalesce(e.version, 0) as version, c.name as type, c.attempts,
                   c.first_failed_at, c.last_failed_at, c.error, c.stack,
                   (select count(*) from leftfold_saga_commands w where w.saga = c.saga and w.line = c.line
                       and (w.position > c.position or (w.position = c.position and w.place > c.place))) as waiting
              from leftfold_saga_commands c left join leftfold_events e on e.position = c.position
             where c.state = 'dead' and ${condition}`;
  }

  // Every letter has an id, and few commands do, so the index on it skips the others. Grouped by an expression, so that no
  // database takes an index on the saga instead.
  readonly countLetters = `select saga || '' as subscription, count(*) as letters from leftfold_saga_commands
                            where letter_id > '' and state = 'dead' group by saga || ''`;

  get fate(): string {
    return `select saga as subscription, state, claimed_by is null and due_at <= ${this.now} as is_due, attempts, error
              from leftfold_saga_commands where letter_id = ?`;
  }

  get retryLetter(): string {
    return `update leftfold_saga_commands set state = 'retrying', tries = 0, deaths = 0, due_at = ${this.now}
             where letter_id = ? and state = 'dead'`;
  }

  readonly discardLetter = `delete from leftfold_saga_commands where letter_id = ? and state = 'dead' returning line`;

  readonly countBySaga = 'select saga, count(*) as commands from leftfold_saga_commands group by saga';

  get count(): string {
    return `select count(*) as commands,
                   sum(case when claimed_by is not null and due_at > ${this.now} then 1 else 0 end) as executed
              from (select claimed_by, due_at from leftfold_saga_commands where saga = ? order by id ${this.dialect.forUpdate}) c`;
  }

  readonly deleteAll = 'delete from leftfold_saga_commands where saga = ?';

  readonly rename = 'update leftfold_saga_commands set saga = ? where saga = ?';

  readonly deleteReplaced = `delete from leftfold_saga_commands where saga = ? and state = 'scheduled' and claimed_by is null
      and schedule_key in (select schedule_key from leftfold_saga_commands where saga = ? and state = 'scheduled')`;

  readonly waitForEarlier = `update leftfold_saga_commands set state = 'waiting', due_at = null
    where saga = ? and state in ('ready', 'retrying') and claimed_by is null and ${HAS_EARLIER}`;

  get readyWithoutEarlier(): string {
    return `update leftfold_saga_commands set state = 'ready', due_at = ${this.now}
             where saga = ? and state = 'waiting' and not ${HAS_EARLIER}`;
  }

  get executed(): string {
    return `select 1 from leftfold_saga_commands where saga = ? and claimed_by is not null and due_at > ${this.now} limit 1`;
  }

  readonly endClaims = `update leftfold_saga_commands set claimed_by = null, deaths = deaths + 1
    where saga = ? and claimed_by is not null`;

  /** After a due time and an id, which are its parameters, in this order: the time, the time, the id. */
  readonly schedules = `select ${ENTRY} from leftfold_saga_commands
    where ${SCHEDULED} and due_at >= ? and (due_at > ? or id > ?) order by due_at, id limit ?`;

  readonly cancelSchedule = `delete from leftfold_saga_commands where id = ? and ${SCHEDULED} returning ${ENTRY}`;

  readonly story = `select id, saga, name, state, schedule_key, causation_id, letter_id, due_at, attempts, first_failed_at, last_failed_at, error
    from leftfold_saga_commands where correlation_id = ? order by position, place, id limit ?`;

  get countPending(): string {
    const later = `state = 'scheduled' and claimed_by is null and due_at > ${this.scheduleNow}`;
    return `select saga, sum(case when ${later} then 0 else 1 end) as pending, sum(case when ${later} then 1 else 0 end) as scheduled
              from leftfold_saga_commands where state <> 'dead' group by saga`;
  }

  /** As an expression, so that no database takes an index on the saga: one may have very many commands, and few due ones. */
  private get ofSagas(): string {
    return `case when ${this.dialect.isAnyOf('saga')} then true else false end`;
  }

  private get claiming(): string {
    return `claimed_by = ?, due_at = ${this.scheduleNow} + ?, tries = tries + 1, attempts = attempts + 1,
            deaths = deaths + case when claimed_by is null then 0 else 1 end`;
  }

  private failing(becomes: string): string {
    return `update leftfold_saga_commands set ${becomes}, claimed_by = null,
                   first_failed_at = coalesce(first_failed_at, ${this.now}), last_failed_at = ${this.now}, error = ?, stack = ?
             where id = ? and claimed_by = ?`;
  }
}
