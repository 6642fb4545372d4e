import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dialect } from '../databases/dialects/dialect.js';
import type { EventFilter } from './event-filter.js';
import { PostingWalk } from './look-ups/posting-walk.js';
import type { RecentChunks, RecentPostings } from './look-ups/recent-postings.js';
import { CHUNK, FILLED_CHUNKS, keyOf, type LookUpKind, VALUES } from './look-ups/postings.js';
import type { LogQueries, PositionRange } from './log-queries.js';
import { ALL_PARTITIONS, type PartitionRange, PARTITIONS, sizeOf } from './partition.js';
import type { RecordedEvent } from './recorded-event.js';

/** Columns of an event; every read selects them in this order. */
export const COLUMNS =
  'e.position, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.actor, e.correlation_id, e.recorded_at';

/** SQL expression for an event's category. */
export function categoryIn(dialect: Dialect): string {
  return dialect.beforeHyphen('e.stream');
}

/** A column, or an expression, and the values of which an event has one. */
interface Criterion {
  readonly kind: LookUpKind;
  readonly values: readonly string[];
}

/** The most events that one statement reads: as many as the look-ups lack when they are filled. */
const SLICE = CHUNK;

/** What to look for in a part of the log. */
interface Search {
  readonly criteria: readonly Criterion[];
  /** No look-up has them, so each event is filtered by the partition stored with it. */
  readonly partitions: PartitionRange;
  readonly backwards: boolean;
}

/**
 * Finds events by their columns. One type is found in an index of the events. Everything else is found in the look-ups,
 * which are filled after the commit; on SQLite the last ones are in memory. What is not in them yet is a tail of the log,
 * whose events are filtered. So a read finds all events up to the head, however far the look-ups are.
 */
export class LookUp {
  private readonly dialect: Dialect;
  private knownToBeFilled = 0;

  constructor(
    private readonly queries: LogQueries,
    private readonly recent: RecentPostings,
  ) {
    this.dialect = queries.dialect;
  }

  /** The first events of a range that match the filter. Read backwards, the last events, latest first. */
  async find(
    range: PositionRange,
    filter: Omit<EventFilter, 'from' | 'to'>,
    limit: number,
    backwards = false,
  ): Promise<RecordedEvent[]> {
    const criteria = criteriaOf(filter);
    if (criteria.some(({ values }) => values.length === 0) || range.after >= range.upTo) return [];
    const [first] = criteria;
    const search: Search = { criteria, partitions: filter.partitions ?? ALL_PARTITIONS, backwards };
    if (!first) return this.scan(range, search, limit);
    const [type] = first.values;
    if (criteria.length === 1 && first.kind === 'type' && first.values.length === 1) {
      return this.indexed(type!, range, search, limit);
    }
    const keys = criteria.map(({ kind, values }) => values.map((value) => keyOf(kind, value)));
    const recent = this.recent.current;
    const inRange = (position: number): number => Math.max(range.after, Math.min(range.upTo, position));
    const storedTo = inRange(await this.storedTo(recent, range.upTo));
    const recentTo = Math.max(storedTo, inRange(recent.upTo));
    const stored = { after: range.after, upTo: storedTo };
    const inMemory = { after: storedTo, upTo: recentTo };
    const parts = [
      (left: number) => this.lookedUp(stored, new PostingWalk(this.queries, stored, keys, backwards), search, left),
      (left: number) => this.lookedUp(inMemory, recent.walk(inMemory, keys, backwards), search, left),
      (left: number) => this.filtered({ after: recentTo, upTo: range.upTo }, search, left),
    ];
    const found: RecordedEvent[] = [];
    for (const part of backwards ? parts.toReversed() : parts) {
      if (found.length < limit) found.push(...(await part(limit - found.length)));
    }
    return found;
  }

  /**
   * A position up to which the look-ups are stored, and behind which those in memory begin, or earlier. What is stored stays
   * so, so it is read again only when the tail of the log has become long.
   */
  private async storedTo({ after, upTo }: RecentChunks, head: number): Promise<number> {
    this.knownToBeFilled = Math.max(this.knownToBeFilled, after);
    if (head - Math.max(this.knownToBeFilled, upTo) < 2 * CHUNK) return this.knownToBeFilled;
    const [row] = await this.queries.query<{ chunks: number | string | null }>(
      `select max(${FILLED_CHUNKS}) as chunks from leftfold_event_log`,
      [],
    );
    this.knownToBeFilled = Math.max(this.knownToBeFilled, Number(row?.chunks ?? 0) * CHUNK);
    return this.knownToBeFilled;
  }

  /** @param walk finds positions that the events have whose keys are those of the search, or of other values with the same key */
  private async lookedUp(
    range: PositionRange,
    walk: AsyncIterable<number[]> | Iterable<number[]>,
    search: Search,
    limit: number,
  ): Promise<RecordedEvent[]> {
    if (range.after >= range.upTo) return [];
    const { criteria, partitions } = search;
    const found: RecordedEvent[] = [];
    for await (const positions of walk) {
      while (positions.length > 0) {
        // About as many as have the missing events in these partitions.
        const missing = Math.ceil((limit - found.length) * (PARTITIONS / sizeOf(partitions)));
        const rows = await this.fetch(positions.splice(0, Math.min(SLICE, missing)), search);
        // Two values may share a key.
        found.push(...rows.filter((row) => criteria.every((each) => each.values.includes(VALUES[each.kind](row)))));
        if (found.length >= limit) return found.slice(0, limit);
      }
      await nextTurn();
    }
    return found;
  }

  private fetch(positions: readonly number[], { partitions, backwards }: Search): Promise<RecordedEvent[]> {
    const inRange = inPartitions(partitions);
    return this.queries.slice(
      `select ${COLUMNS} from leftfold_events e where ${this.dialect.isAnyOf('e.position')}${inRange.sql}` +
        ` order by e.position ${backwards ? 'desc' : 'asc'}`,
      [this.dialect.list(positions), ...inRange.parameters],
    );
  }

  /** Reads the events of a range in slices, and filters them. */
  private async filtered(range: PositionRange, search: Search, limit: number): Promise<RecordedEvent[]> {
    const { backwards } = search;
    const found: RecordedEvent[] = [];
    let { after, upTo } = range;
    while (after < upTo && found.length < limit) {
      const slice = backwards
        ? { after: Math.max(after, upTo - SLICE), upTo }
        : { after, upTo: Math.min(upTo, after + SLICE) };
      found.push(...(await this.scan(slice, search, limit - found.length)));
      if (backwards) upTo = slice.after;
      else after = slice.upTo;
      await nextTurn();
    }
    return found;
  }

  private scan(
    { after, upTo }: PositionRange,
    { criteria, partitions, backwards }: Search,
    limit: number,
  ): Promise<RecordedEvent[]> {
    const inRange = inPartitions(partitions);
    const conditions = criteria.map(({ kind }) => ` and ${this.dialect.isAnyOf(columnOf(kind, this.dialect))}`);
    return this.queries.slice(
      `select ${COLUMNS} from leftfold_events e where e.position > ? and e.position <= ?${conditions.join('')}${inRange.sql}` +
        ` order by e.position ${backwards ? 'desc' : 'asc'} limit ?`,
      [after, upTo, ...criteria.map(({ values }) => this.dialect.list(values)), ...inRange.parameters, limit],
    );
  }

  private indexed(
    type: string,
    { after, upTo }: PositionRange,
    { partitions, backwards }: Search,
    limit: number,
  ): Promise<RecordedEvent[]> {
    const inRange = inPartitions(partitions);
    const range = this.dialect.valueInRange('e.type', 'e.position', backwards ? 'desc' : 'asc');
    return this.queries.slice(
      `select ${COLUMNS} from leftfold_events e where ${range.where}${inRange.sql} order by ${range.orderBy} limit ?`,
      [...range.parameters(type, after, upTo), ...inRange.parameters, limit],
    );
  }
}

/** A condition on an event `e`, to be added to others. */
function inPartitions(partitions: PartitionRange): { sql: string; parameters: readonly number[] } {
  if (partitions === ALL_PARTITIONS) return { sql: '', parameters: [] };
  return { sql: ' and e.partition between ? and ?', parameters: [partitions.first, partitions.last] };
}

/** Criteria, sorted by how few events they are likely to match. */
function criteriaOf({ correlationId, actor, types, category }: EventFilter): Criterion[] {
  const criteria: Criterion[] = [];
  if (correlationId !== undefined) criteria.push({ kind: 'correlation', values: [correlationId] });
  if (actor !== undefined) criteria.push({ kind: 'actor', values: [actor] });
  if (types !== undefined) criteria.push({ kind: 'type', values: [...new Set(types)] });
  if (category !== undefined) criteria.push({ kind: 'category', values: [category] });
  // No stored text has a NUL, and PostgreSQL refuses one in a parameter.
  return criteria.map(({ kind, values }) => ({ kind, values: values.filter((each) => !each.includes('\0')) }));
}

/** The value of an event `e`. The type is an expression, so that no database takes its index and sorts. */
function columnOf(kind: LookUpKind, dialect: Dialect): string {
  const columns = {
    type: `(e.type || '')`,
    category: categoryIn(dialect),
    actor: 'e.actor',
    correlation: 'e.correlation_id',
  } satisfies Record<LookUpKind, string>;
  return columns[kind];
}

/**
 * The last position recorded at or before a time: a binary search, because times of recording never decrease.
 * Parameters: the head, and the time in ms, twice.
 */
export const POSITION_AT = `with recursive search(low, high) as (
   select cast(0 as bigint), cast(? as bigint)
   union all
   select case when e.recorded_at <= ? then e.position else s.low end,
          case when e.recorded_at <= ? then s.high else e.position - 1 end
     from search s join leftfold_events e on e.position = (s.low + s.high + 1) / 2
    where s.low < s.high
 ) select max(low) as position from search`;

/**
 * The last version of a stream recorded at or before a time. Parameters: the stream, the time in ms twice, the stream.
 */
export const VERSION_AT = `with recursive search(low, high) as (
   select cast(0 as bigint),
          cast(coalesce((select e.version from leftfold_events e where e.stream = ? order by e.version desc limit 1), 0) as bigint)
   union all
   select case when e.recorded_at <= ? then e.version else s.low end,
          case when e.recorded_at <= ? then s.high else e.version - 1 end
     from search s join leftfold_events e on e.stream = ? and e.version = (s.low + s.high + 1) / 2
    where s.low < s.high
 ) select max(low) as version from search`;
