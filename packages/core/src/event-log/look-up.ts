import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dialect } from '../databases/dialects/dialect.js';
import type { EventFilter } from './event-filter.js';
import type { EventRow } from './recorded-event.js';

/** Columns of an event; every read selects them in this order. */
export const COLUMNS =
  'e.position, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.actor, e.correlation_id, e.recorded_at';

/** SQL expression for an event's category; it must equal the expression of its index. */
export function categoryIn(dialect: Dialect): string {
  return dialect.beforeHyphen('e.stream');
}

/** Positions after `after`, up to and including `upTo`. */
export interface PositionRange {
  readonly after: number;
  readonly upTo: number;
}

interface Criterion {
  readonly column: string;
  readonly values: readonly string[];
}

/** Reads of the log. */
export interface LogQueries {
  readonly dialect: Dialect;
  /** Runs a read; placeholders are question marks. */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  /** Runs a prepared read that selects `COLUMNS`. There must be few different texts. */
  events(sql: string, parameters: readonly unknown[]): Promise<EventRow[]>;
}

type SliceRow = { readonly looked: number | string; readonly edge: number | string | null } & (
  EventRow | { readonly position: null }
);

/** Number of events that one statement checks when it has to filter. */
const SLICE = 500;

/** Most values of a criterion whose indexes are walked together. */
const MOST_WALKS = 20;

/** Positions that are scanned for each wanted event, before the indexes are walked. */
const SCANNED = 8;

/**
 * Finds events by their columns. It uses the index of one criterion, the one that is likely to match the fewest events.
 * It checks the other criteria on the results, in slices, so that no statement takes long. A type that was renamed has
 * several names, and each is walked along the index.
 */
export class LookUp {
  private readonly dialect: Dialect;

  constructor(private readonly queries: LogQueries) {
    this.dialect = queries.dialect;
  }

  /** The first events of a range that match the filter. Read backwards, the last events, latest first. */
  async find(
    range: PositionRange,
    filter: Omit<EventFilter, 'from' | 'to'>,
    limit: number,
    backwards = false,
  ): Promise<EventRow[]> {
    const criteria = this.criteriaOf(filter);
    if (criteria.some(({ values }) => values.length === 0)) return [];
    const driving = criteria.find(({ values }) => values.length <= MOST_WALKS);
    const others = criteria.filter((each) => each !== driving);
    if (!driving) return this.scan(range, others, limit, backwards);
    if (others.length > 0) return this.sift(driving, others, range, limit, backwards);
    if (driving.values.length > 1) return this.scanThenWalk(driving, range, limit, backwards);
    return this.query(this.indexed(driving, range, limit, backwards));
  }

  /**
   * Events with one of several values. Where they are frequent, as for most subscriptions, a short scan finds enough of
   * them. Otherwise it goes on along the index of each value.
   */
  private async scanThenWalk(
    driving: Criterion,
    { after, upTo }: PositionRange,
    limit: number,
    backwards: boolean,
  ): Promise<EventRow[]> {
    const size = SCANNED * limit;
    const scanned = backwards
      ? { after: Math.max(after, upTo - size), upTo }
      : { after, upTo: Math.min(upTo, after + size) };
    const found = await this.scan(scanned, [driving], limit, backwards);
    const rest = backwards ? { after, upTo: scanned.after } : { after: scanned.upTo, upTo };
    if (found.length === limit || rest.after >= rest.upTo) return found;
    return [...found, ...(await this.query(this.indexed(driving, rest, limit - found.length, backwards)))];
  }

  /** Criteria, sorted by how few events they are likely to match. */
  private criteriaOf({ correlationId, actor, types, category }: EventFilter): Criterion[] {
    const criteria: Criterion[] = [];
    if (correlationId !== undefined) criteria.push({ column: 'e.correlation_id', values: [correlationId] });
    if (actor !== undefined) criteria.push({ column: 'e.actor', values: [actor] });
    if (types !== undefined) criteria.push({ column: 'e.type', values: [...new Set(types)] });
    if (category !== undefined) criteria.push({ column: categoryIn(this.dialect), values: [category] });
    // No stored text has a NUL, and PostgreSQL refuses one in a parameter.
    return criteria.map(({ column, values }) => ({ column, values: values.filter((each) => !each.includes('\0')) }));
  }

  private scan(
    { after, upTo }: PositionRange,
    others: readonly Criterion[],
    limit: number,
    backwards: boolean,
  ): Promise<EventRow[]> {
    // Expressions have no index. With one, SQLite would sort all events with these values.
    const { sql, parameters } = this.conditions(others.map((each) => ({ ...each, column: `(${each.column} || '')` })));
    return this.queries.events(
      `select ${COLUMNS} from leftfold_events e where e.position > ? and e.position <= ?${sql}` +
        ` order by e.position ${backwards ? 'desc' : 'asc'} limit ?`,
      [after, upTo, ...parameters, limit],
    );
  }

  private indexed(
    { column, values }: Criterion,
    { after, upTo }: PositionRange,
    limit: number,
    backwards: boolean,
  ): { sql: string; parameters: readonly unknown[] } {
    const direction = backwards ? 'desc' : 'asc';
    const range = this.dialect.valueInRange(column, 'e.position', direction);
    const walk = (columns: string): string =>
      `select ${columns} from leftfold_events e where ${range.where} order by ${range.orderBy} limit ?`;
    const parameters = values.flatMap((value) => [...range.parameters(value, after, upTo), limit]);
    if (values.length === 1) return { sql: walk(COLUMNS), parameters };
    const walks = values.map((_, index) => `select position from (${walk('e.position')}) walk_${index}`);
    return {
      sql:
        `select ${COLUMNS} from (select position from (${walks.join(' union all ')}) walks` +
        ` order by position ${direction} limit ?) found` +
        ` join leftfold_events e on e.position = found.position order by e.position ${direction}`,
      parameters: [...parameters, limit],
    };
  }

  private async sift(
    driving: Criterion,
    others: readonly Criterion[],
    range: PositionRange,
    limit: number,
    backwards: boolean,
  ): Promise<EventRow[]> {
    const found: EventRow[] = [];
    let { after, upTo } = range;
    while (found.length < limit) {
      const slice = this.indexed(driving, { after, upTo }, SLICE, backwards);
      const conditions = this.conditions(others);
      const rows = await this.queries.query<SliceRow>(
        `with e as materialized (${slice.sql})
         select s.looked, s.edge, ${COLUMNS}
           from (select count(*) as looked, ${backwards ? 'min' : 'max'}(position) as edge from e) s
           left join e on true${conditions.sql}
          order by e.position ${backwards ? 'desc' : 'asc'} limit ?`,
        [...slice.parameters, ...conditions.parameters, limit - found.length],
      );
      found.push(...rows.filter((row): row is SliceRow & EventRow => row.position !== null));
      const { looked, edge } = rows[0]!;
      if (Number(looked) < SLICE) break;
      if (backwards) upTo = Number(edge) - 1;
      else after = Number(edge);
      await nextTurn();
    }
    return found;
  }

  private conditions(criteria: readonly Criterion[]): { sql: string; parameters: unknown[] } {
    return {
      sql: criteria.map(({ column }) => ` and ${this.dialect.isAnyOf(column)}`).join(''),
      parameters: criteria.map(({ values }) => this.dialect.list(values)),
    };
  }

  private query({ sql, parameters }: { sql: string; parameters: readonly unknown[] }): Promise<EventRow[]> {
    return this.queries.events(sql, parameters);
  }
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
