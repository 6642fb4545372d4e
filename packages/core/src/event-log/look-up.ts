import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseKind } from '../databases/database-url.js';
import type { EventFilter } from './event-filter.js';
import type { EventRow } from './recorded-event.js';

/** Columns of an event; every read selects them in this order. */
export const COLUMNS =
  'e.position, e.stream, e.version, e.event_id, e.type, e.schema_version, e.data, e.metadata, e.actor, e.correlation_id, e.recorded_at';

/** SQL expression for an event's category; it must equal the expression of its index. */
export const CATEGORY: Readonly<Record<DatabaseKind, string>> = {
  postgres: `split_part(e.stream, '-', 1)`,
  sqlite: `substr(e.stream, 1, instr(e.stream, '-') - 1)`,
};

/** Positions after `after`, up to and including `upTo`. */
export interface PositionRange {
  readonly after: number;
  readonly upTo: number;
}

interface Criterion {
  readonly column: string;
  readonly values: readonly string[];
}

export interface LookUpDialect {
  readonly kind: DatabaseKind;
  /** SQL that is true where `column` is one of the values bound to the next placeholder. */
  anyOf(column: string, values: readonly string[]): { sql: string; parameter: unknown };
  /** Runs a read; placeholders are question marks. */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
}

type SliceRow = { readonly looked: number | string; readonly edge: number | string | null } & (
  EventRow | { readonly position: null }
);

/** Number of events that one statement checks when it has to filter. */
const SLICE = 500;

/**
 * Finds events by their columns. It uses the index of one criterion, the one that is likely to match the fewest events.
 * It checks the other criteria on the results, in slices, so that no statement takes long.
 */
export class LookUp {
  constructor(private readonly dialect: LookUpDialect) {}

  /** The first events of a range that match the filter. Read backwards, the last events, latest first. */
  async find(
    range: PositionRange,
    filter: Omit<EventFilter, 'from' | 'to'>,
    limit: number,
    backwards = false,
  ): Promise<EventRow[]> {
    const criteria = this.criteriaOf(filter);
    if (criteria.some(({ values }) => values.length === 0)) return [];
    const driving = criteria.find(({ values }) => values.length === 1);
    const others = criteria.filter((each) => each !== driving);
    if (!driving) return this.scan(range, others, limit, backwards);
    if (others.length === 0) return this.query(this.indexed(driving, range, limit, backwards));
    return this.sift(driving, others, range, limit, backwards);
  }

  /** Criteria, sorted by how few events they are likely to match. */
  private criteriaOf({ correlationId, actor, types, category }: EventFilter): Criterion[] {
    const criteria: Criterion[] = [];
    if (correlationId !== undefined) criteria.push({ column: 'e.correlation_id', values: [correlationId] });
    if (actor !== undefined) criteria.push({ column: 'e.actor', values: [actor] });
    if (types !== undefined) criteria.push({ column: 'e.type', values: types });
    if (category !== undefined) criteria.push({ column: CATEGORY[this.dialect.kind], values: [category] });
    // No stored text has a NUL, and PostgreSQL refuses one in a parameter.
    return criteria.map(({ column, values }) => ({ column, values: values.filter((each) => !each.includes('\0')) }));
  }

  private scan(
    { after, upTo }: PositionRange,
    others: readonly Criterion[],
    limit: number,
    backwards: boolean,
  ): Promise<EventRow[]> {
    const { sql, parameters } = this.conditions(others);
    return this.dialect.query<EventRow>(
      `select ${COLUMNS} from leftfold_events e where e.position > ? and e.position <= ?${sql}` +
        ` order by e.position ${backwards ? 'desc' : 'asc'} limit ?`,
      [after, upTo, ...parameters, limit],
    );
  }

  private indexed(
    { column, values: [value] }: Criterion,
    { after, upTo }: PositionRange,
    limit: number,
    backwards: boolean,
  ): { sql: string; parameters: readonly unknown[] } {
    const select = `select ${COLUMNS} from leftfold_events e where`;
    return byIndex(this.dialect.kind, select, column, value!, { after, upTo }, limit, backwards ? 'desc' : 'asc');
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
      const rows = await this.dialect.query<SliceRow>(
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
    const each = criteria.map(({ column, values }) => this.dialect.anyOf(column, values));
    return { sql: each.map(({ sql }) => ` and ${sql}`).join(''), parameters: each.map(({ parameter }) => parameter) };
  }

  private query({ sql, parameters }: { sql: string; parameters: readonly unknown[] }): Promise<EventRow[]> {
    return this.dialect.query<EventRow>(sql, parameters);
  }
}

/** Completes a select with the rows of a range in which an indexed column has one value, in the order of positions. */
export function byIndex(
  kind: DatabaseKind,
  select: string,
  column: string,
  value: string,
  { after, upTo }: PositionRange,
  limit: number,
  direction: 'asc' | 'desc',
): { sql: string; parameters: readonly unknown[] } {
  if (kind === 'sqlite') {
    return {
      sql: `${select} ${column} = ? and e.position > ? and e.position <= ? order by e.position ${direction} limit ?`,
      parameters: [value, after, upTo, limit],
    };
  }
  // Selects pairs of value and position, ordered by both. Only the index on the pair answers that without sorting. So
  // PostgreSQL can't choose to scan by position when it estimates that the value is frequent.
  return {
    sql:
      `${select} (${column}, e.position) > (?, ?) and (${column}, e.position) <= (?, ?)` +
      ` order by ${column} ${direction}, e.position ${direction} limit ?`,
    parameters: [value, after, value, upTo, limit],
  };
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
