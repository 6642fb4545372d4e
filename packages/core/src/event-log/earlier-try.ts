import type { LogQueries } from './log-queries.js';
import { COLUMNS } from './look-up.js';
import { matchingPositions } from './matching-positions.js';
import { type CommandRow, type Outcome, asOwn, meetsExpectation, refusedEventId, storedOutcome } from './outcome.js';
import type { PreparedAppend, PreparedStream } from './prepared-append.js';
import type { EventRow } from './recorded-event.js';
import { isSameAppend } from './stored-try.js';

/** Finds out what blocks an append that is sent again. */
export class EarlierTry {
  constructor(private readonly queries: LogQueries) {}

  /**
   * The outcome of an earlier attempt of this same append. Call it only when a reply to the append was lost: otherwise
   * the same append by another caller would be taken for an attempt of this one.
   * @param outcome of the latest attempt, if the database returned one
   */
  async find(append: PreparedAppend, outcome: Outcome | undefined): Promise<Outcome | undefined> {
    if (append.eventCount === 0) return outcome && asOwn(append, outcome);
    const events = await this.eventsOf(append);
    const command = await this.commandOf(append);
    const tags = await this.tagsOf(append, events);
    if (!isSameAppend(append, { events, tags, command })) return undefined;
    const last = events.at(-1)!;
    const versions = await this.versionsOf(append, events);
    if (!meetsLookedAt(append, versions) || (await this.isRuledOut(append, events))) return undefined;
    return storedOutcome(append, Number(last.position), versions, Number(last.recorded_at));
  }

  /** The first event of the append whose id is already taken. */
  async takenId(append: PreparedAppend): Promise<Outcome | undefined> {
    const positions = new Map((await this.eventsOf(append)).map((row) => [row.event_id, Number(row.position)]));
    const taken = idsOf(append).find((id) => positions.has(id));
    return taken === undefined ? undefined : refusedEventId(taken, positions.get(taken)!);
  }

  private eventsOf(append: PreparedAppend): Promise<EventRow[]> {
    const { dialect } = this.queries;
    return this.queries.query<EventRow>(
      `select ${COLUMNS} from leftfold_events e where ${dialect.isAnyOf('e.event_id')} order by e.position`,
      [dialect.list(idsOf(append))],
    );
  }

  private async commandOf({ command }: PreparedAppend): Promise<CommandRow | undefined> {
    if (!command) return undefined;
    const rows = await this.queries.query<CommandRow>('select * from leftfold_commands where command_id = ?', [
      command.id,
    ]);
    return rows[0];
  }

  private async tagsOf(append: PreparedAppend, events: readonly EventRow[]): Promise<ReadonlySet<string>> {
    const asked = append.streams.flatMap((each) => each.events.flatMap((event) => event.tags));
    if (asked.length === 0 || events.length === 0) return new Set();
    const { dialect } = this.queries;
    const rows = await this.queries.query<{ position: number | string; tag: string }>(
      `select t.position, t.tag from leftfold_event_tags t
        where ${dialect.isAnyOf('t.tag')} and t.position >= ? and t.position <= ?`,
      [dialect.list([...new Set(asked)]), events[0]!.position, events.at(-1)!.position],
    );
    return new Set(rows.map(({ position, tag }) => `${position} ${tag}`));
  }

  /**
   * The log does not store the condition. But if earlier events already break it, this append was not stored, so
   * another append stored these events.
   */
  private async isRuledOut({ condition }: PreparedAppend, events: readonly EventRow[]): Promise<boolean> {
    if (!condition || condition.items.length === 0) return false;
    const range = { after: condition.after, upTo: Number(events[0]!.position) - 1 };
    const { sql, parameters } = matchingPositions(this.queries.dialect, condition.items, range, 1);
    return (await this.queries.query(sql, parameters)).length > 0;
  }

  /** Version of each stream after the append, including streams for which it only checked the version. */
  private async versionsOf(append: PreparedAppend, events: readonly EventRow[]): Promise<Record<string, number>> {
    const versions: Record<string, number> = {};
    for (const each of append.streams) versions[each.stream] = await this.versionAt(each, events);
    return versions;
  }

  private async versionAt({ stream, events: asked }: PreparedStream, events: readonly EventRow[]): Promise<number> {
    if (asked.length > 0) return Number(events.findLast((row) => row.stream === stream)!.version);
    const [row] = await this.queries.query<{ version: number | string }>(
      'select e.version from leftfold_events e where e.stream = ? and e.position <= ? order by e.version desc limit 1',
      [stream, events.at(-1)!.position],
    );
    return Number(row?.version ?? 0);
  }
}

function meetsLookedAt({ streams }: PreparedAppend, versions: Readonly<Record<string, number>>): boolean {
  return streams.every((each) => each.events.length > 0 || meetsExpectation(each, versions[each.stream]!));
}

function idsOf(append: PreparedAppend): string[] {
  return append.streams.flatMap(({ events }) => events.map((event) => event.eventId));
}
