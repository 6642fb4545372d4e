import { v7 as uuidv7 } from 'uuid';
import { select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import type { CountColumns, DeadLetterColumns, FateColumns } from '../subscriptions/parking/dead-letter-store.js';
import type { Failure } from '../subscriptions/parking/failure.js';
import { type ClaimedMessage, claimedMessage, type InboxRow } from './claimed-message.js';
import type { InboxMessageState } from './inbox-message.entity.js';
import { InboxSql } from './inbox-table.sql.js';
import type { IncomingMessage } from './incoming-message.js';

/** Tolerance for small clock corrections, in ms. */
const MARGIN = 60_000;

/** What names a message in the inbox. */
export interface InboxEntry {
  /** See `messageIdOf` and `placeIdOf`. */
  readonly id: string;
  readonly handler: string;
  /** Type of the event; the subject when it is not known. */
  readonly type: string;
  readonly message: IncomingMessage;
}

/** Attempts at a message since its first delivery. */
export interface Tries {
  readonly tries: number;
  readonly failures: number;
}

/** A process that claims messages, and for how long, in ms. */
export interface MessageClaimer {
  readonly owner: string;
  readonly claimFor: number;
}

/** All access to the messages that were not handled at once. Each method is one statement. */
export class InboxTable {
  private readonly sql: InboxSql;

  constructor(
    private readonly database: OpenDatabase,
    private readonly claimer: MessageClaimer,
  ) {
    this.sql = new InboxSql(database.write.dialect);
  }

  async find(id: string): Promise<(Tries & { state: InboxMessageState; error: string | null }) | undefined> {
    const [row] = await select<InboxRow>(this.database.read, this.sql.find, [id]);
    return row && { ...triesOf(row), state: row.state as InboxMessageState, error: row.error as string | null };
  }

  /**
   * Records an attempt before it is made, so that it counts if the process crashes.
   * @returns the attempts with this one; undefined when it must not be made, because the message is a dead letter
   */
  async begin(entry: InboxEntry): Promise<Tries | undefined> {
    const rows = await this.write(this.sql.begin, identity(entry));
    return rows[0] && triesOf(rows[0]);
  }

  /** Takes back an attempt that says nothing of the message. */
  async takeBack(id: string): Promise<void> {
    await this.write(this.sql.takeBack, [id]);
  }

  /** Forgets a message that was handled. */
  async remove(id: string): Promise<void> {
    await this.write(this.sql.remove, [id]);
  }

  /**
   * Records a failed attempt.
   * @param hasBegun whether `begin` has recorded it
   * @returns how many have failed; undefined when the message is a dead letter already
   */
  async fail(entry: InboxEntry, { message, stack }: Failure, hasBegun: boolean): Promise<number | undefined> {
    const more = hasBegun ? 0 : 1;
    const [row] = await this.write(this.sql.fail, [...identity(entry), message, stack, more, more]);
    return row && Number(row.failures);
  }

  /** Makes the message a dead letter, unless it is one already. */
  async bury(entry: InboxEntry, { message, stack }: Failure): Promise<void> {
    await this.write(this.sql.bury, [...identity(entry), uuidv7(), message, stack]);
  }

  /**
   * Claims a dead letter of these handlers that is to be retried and is due.
   * @param longest the longest pause between two attempts, in ms
   */
  async claim(handlers: readonly string[], longest: number): Promise<ClaimedMessage | undefined> {
    const { owner, claimFor } = this.claimer;
    const list = this.database.write.dialect.list(handlers);
    const [row] = await this.write(this.sql.claim, [owner, claimFor, list, this.farthest(longest)]);
    return row && claimedMessage(row);
  }

  /** Claims one dead letter, if it is to be retried and due. */
  async claimLetter(letterId: string): Promise<ClaimedMessage | undefined> {
    const { owner, claimFor } = this.claimer;
    const [row] = await this.write(this.sql.claimLetter, [owner, claimFor, letterId]);
    return row && claimedMessage(row);
  }

  /**
   * When the next dead letter of these handlers is retried, in ms from now; undefined if none is.
   * @param longest the longest pause between two attempts, in ms
   */
  async dueIn(handlers: readonly string[], longest: number): Promise<number | undefined> {
    const list = this.database.write.dialect.list(handlers);
    const [row] = await select<InboxRow>(this.database.read, this.sql.dueIn, [list]);
    if (!row || row.due_in === null) return undefined;
    const dueIn = Math.max(Number(row.due_in), 0);
    return dueIn > this.farthest(longest) ? 0 : dueIn;
  }

  /** Removes a claimed message that was handled. Does nothing if another process has claimed it meanwhile. */
  async handled({ id }: ClaimedMessage): Promise<void> {
    await this.write(this.sql.handled, [id, this.claimer.owner]);
  }

  /**
   * Sets a claimed message to be retried.
   * @param pause in ms
   * @param counts whether the attempt says something of the message
   */
  async retryLater({ id }: ClaimedMessage, { message, stack }: Failure, pause: number, counts: boolean): Promise<void> {
    const back = counts ? 0 : 1;
    const parameters = [back, back, counts ? 1 : 0, Math.ceil(pause), message, stack, id, this.claimer.owner];
    await this.write(this.sql.retryLater, parameters);
  }

  /** Makes a claimed message a dead letter again. */
  async buryAgain({ id }: ClaimedMessage, { message, stack }: Failure): Promise<void> {
    await this.write(this.sql.buryAgain, [message, stack, id, this.claimer.owner]);
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

  async discardLetter(letterId: string): Promise<boolean> {
    return (await this.database.write.statement(this.sql.discardLetter, [letterId])).affected === 1;
  }

  /** A due time beyond this, in ms from now, was set while the database's clock was wrong. */
  private farthest(longest: number): number {
    return Math.ceil(Math.max(longest, this.claimer.claimFor)) + MARGIN;
  }

  private async write(sql: string, parameters: readonly unknown[]): Promise<InboxRow[]> {
    return (await this.database.write.statement<InboxRow>(sql, parameters)).rows;
  }
}

function identity({ id, handler, type, message }: InboxEntry): readonly unknown[] {
  const { subject, stream, sequence, body } = message;
  // PostgreSQL refuses a NUL in a text.
  const [plainSubject, plainType] = [subject, type].map((text) => text.replaceAll('\0', '\uFFFD'));
  return [id, handler, plainSubject, plainType, stream, sequence, Buffer.from(body).toString('base64')];
}

function triesOf({ tries, failures }: InboxRow): Tries {
  return { tries: Number(tries), failures: Number(failures) };
}
