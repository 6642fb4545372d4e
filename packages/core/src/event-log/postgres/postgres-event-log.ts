import type { OpenDatabase } from '../../databases/open-database.js';
import type { LogIdentity } from '../log-identity.js';
import { OutcomeUnknownError } from '../outcome-unknown.error.js';
import {
  type CommandRow,
  type Outcome,
  emptyVersions,
  meetsExpectation,
  refusedCondition,
  refusedStream,
  refusedVersion,
  repeatedOutcome,
  storedOutcome,
} from '../outcome.js';
import type { AppendLimits, PreparedAppend, PreparedStream } from '../prepared-append.js';
import { type AdapterOptions, TypeOrmEventLog } from '../typeorm-event-log.js';
import type { FailureKind } from '../failure-kind.js';
import { AppendConnection } from './append-connection.js';
import { AppendListener } from './append-listener.js';
import { appendParameters } from './batch-parameters.js';
import { cancelledWhile, failureKind } from './failure-kind.js';
import { OtherWriters } from './other-writers.js';

interface BatchRow {
  readonly head: string;
  readonly stored_at: string;
  readonly verdicts: readonly number[];
  readonly actuals: readonly string[] | null;
  readonly against: readonly string[];
}

/**
 * How long the second attempt of an append may hold the lock, in ms, after the first was cancelled while holding it. It
 * is short, because all other appends wait. It is random, so that two nodes whose statements began together don't time
 * out together again.
 */
const SECOND_CHANCE = { shortest: 200, longest: 600 };

/** Each batch takes the log's lock anew, for which other nodes wait. */
const SECOND_BATCH_FROM = { alone: 16, besideOthers: 64 };

const VERDICT = { stored: 0, repeated: 1, version: 2, closed: 4 } as const;

/** The event log in PostgreSQL: each batch is one autocommit call of `leftfold_append`, which holds the log's lock. */
export class PostgresEventLog extends TypeOrmEventLog {
  override readonly readsInBackground = true;
  private readonly others = new OtherWriters();
  private readonly connection: AppendConnection;
  private readonly listener: AppendListener | undefined;

  constructor(database: OpenDatabase, identity: LogIdentity, limits: AppendLimits, options: AdapterOptions) {
    super(database, identity, limits, options);
    // The database may have been restored from a backup since the last connection was lost.
    const opened = (): void => this.own.forget();
    this.connection = new AppendConnection(database.write.dataSource, database.limits.append, opened);
    if (options.listen && database.target.kind === 'postgres') {
      const { target, namespace } = database;
      this.listener = new AppendListener(target.url, namespace.channel, (position) => this.appended.next(position));
    }
  }

  /** One connection takes two in order: the server executes one while this process prepares the other. */
  get secondBatchFrom(): number {
    return this.others.areActive ? SECOND_BATCH_FROM.besideOthers : SECOND_BATCH_FROM.alone;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.listener?.close();
    await this.connection.close();
  }

  protected async send(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]> {
    const limit = hurry ? secondChance() : undefined;
    const row = await this.connection.call<BatchRow>('leftfold_append', appendParameters(batch), limit);
    const head = Number(row.head);
    // At once: answers come in the order of the batches.
    this.others.note(head, head + storedEventCount(batch, row.verdicts));
    const commands = await this.readCommands(batch, row.verdicts).catch((error: unknown) => {
      // The call is already committed.
      throw new OutcomeUnknownError(error);
    });
    const outcomes: Outcome[] = [];
    let position = head;
    let slot = 0;
    for (const [index, append] of batch.entries()) {
      const actuals = append.streams.map((_, offset) => Number(row.actuals![slot + offset]));
      slot += append.streams.length;
      switch (row.verdicts[index]) {
        case VERDICT.stored: {
          position += append.eventCount;
          const command = append.eventCount === 0 ? commands.get(append.command!.id) : undefined;
          const versions = emptyVersions();
          for (const [at, { stream, events }] of append.streams.entries())
            versions[stream] = actuals[at]! + events.length;
          outcomes.push(
            storedOutcome(append, command ? Number(command.position) : position, versions, Number(row.stored_at)),
          );
          break;
        }
        case VERDICT.repeated:
          outcomes.push(repeatedOutcome(commands.get(append.command!.id)!));
          break;
        case VERDICT.version:
          outcomes.push(refused(append.streams, actuals));
          break;
        case VERDICT.closed:
          // The version of the closed stream is marked by its sign.
          outcomes.push(
            refusedStream(append.streams[actuals.findIndex((each) => each < 0)]!, Number(row.against[index])),
          );
          break;
        default:
          outcomes.push(refusedCondition(Number(row.against[index])));
      }
    }
    return outcomes;
  }

  protected failureKind(error: unknown): FailureKind {
    const cancelled = cancelledWhile(error);
    if (!cancelled) return failureKind(error);
    return cancelled === 'waiting' ? 'lost' : 'slow';
  }

  /** Rows of `commands` that the call's result refers to: repeats, and commands without an event. */
  private async readCommands(
    batch: readonly PreparedAppend[],
    verdicts: readonly number[],
  ): Promise<Map<string, CommandRow>> {
    const ids = batch.flatMap((append, index) => {
      const refers =
        verdicts[index] === VERDICT.repeated || (verdicts[index] === VERDICT.stored && append.eventCount === 0);
      return refers ? [append.command!.id] : [];
    });
    if (ids.length === 0) return new Map();
    const rows = await this.connection.query<CommandRow>('select * from leftfold_commands where command_id = any($1)', [
      ids,
    ]);
    return new Map(rows.map((row) => [row.command_id, row]));
  }
}

function storedEventCount(batch: readonly PreparedAppend[], verdicts: readonly number[]): number {
  return batch.reduce((sum, { eventCount }, index) => sum + (verdicts[index] === VERDICT.stored ? eventCount : 0), 0);
}

function secondChance(): number {
  const { shortest, longest } = SECOND_CHANCE;
  return Math.round(shortest + Math.random() * (longest - shortest));
}

function refused(streams: readonly PreparedStream[], actuals: readonly number[]): Outcome {
  const at = streams.findIndex((each, index) => !meetsExpectation(each, actuals[index]!));
  return refusedVersion(streams[at]!, actuals[at]!);
}
