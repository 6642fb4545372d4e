import type { ListStreamsOptions, StreamSummary } from './stream-summary.js';

/** Columns of `StreamSummary` as both databases return them. */
export interface StreamRow {
  readonly stream: string;
  readonly version: number | string;
  readonly position: number | string;
  readonly first_recorded_at: number | string;
  readonly last_recorded_at: number | string;
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * A page of streams by name. It jumps from each name to the next in the index on (stream, version). So it costs a few
 * index steps for each stream of the page, however many events the streams have. It uses subqueries, because a join
 * might read the whole table.
 */
export function streamsStatement({ category, prefix = '', after, limit }: ListStreamsOptions): Statement | undefined {
  const start = category === undefined ? prefix : longer(`${category}-`, prefix);
  if (start === undefined) return undefined;
  const end = endOfPrefix(start);
  const bound = end === undefined ? '' : ' and e.stream < ?';
  const bounds = end === undefined ? [] : [end];
  const goesOn = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(start)) >= 0;
  return {
    sql: `with recursive page(stream, place) as (
       select (select e.stream from leftfold_events e where e.stream ${goesOn ? '>' : '>='} ?${bound} order by e.stream limit 1), 1
       union all
       select (select e.stream from leftfold_events e where e.stream > p.stream${bound} order by e.stream limit 1), p.place + 1
         from page p where p.stream is not null and p.place < ?
     )
     select p.stream, p.place,
            ${last('version')} as version,
            ${last('position')} as position,
            ${last('recorded_at')} as last_recorded_at,
            (select e.recorded_at from leftfold_events e where e.stream = p.stream and e.version = 1) as first_recorded_at
       from page p where p.stream is not null`,
    parameters: [goesOn ? after : start, ...bounds, ...bounds, limit],
  };
}

export function streamStatement(stream: string): Statement {
  return {
    sql: `select e.stream, e.version, e.position, e.recorded_at as last_recorded_at,
            (select f.recorded_at from leftfold_events f where f.stream = e.stream and f.version = 1) as first_recorded_at
       from leftfold_events e where e.stream = ? order by e.version desc limit 1`,
    parameters: [stream],
  };
}

/** The rows of a page, in its order. */
export function inOrder(rows: readonly (StreamRow & { readonly place: number })[]): StreamRow[] {
  return rows.toSorted((one, other) => one.place - other.place);
}

export function summaryOf(row: StreamRow): StreamSummary {
  return {
    stream: row.stream,
    version: Number(row.version),
    position: Number(row.position),
    firstRecordedAt: new Date(Number(row.first_recorded_at)),
    lastRecordedAt: new Date(Number(row.last_recorded_at)),
  };
}

function last(column: string): string {
  return `(select e.${column} from leftfold_events e where e.stream = p.stream order by e.version desc limit 1)`;
}

/** The longer of two prefixes, if one begins with the other; undefined when no name can have both. */
function longer(one: string, other: string): string | undefined {
  if (one.startsWith(other)) return one;
  return other.startsWith(one) ? other : undefined;
}

/**
 * The first string, in code point order, after all strings with this prefix. Both databases compare UTF-8 bytes, which
 * is the same order.
 */
export function endOfPrefix(prefix: string): string | undefined {
  const codePoints = Array.from(prefix, (character) => character.codePointAt(0)!);
  for (let last = codePoints.pop(); last !== undefined; last = codePoints.pop()) {
    if (last < 0x10_ff_ff) return String.fromCodePoint(...codePoints, last === 0xd7_ff ? 0xe0_00 : last + 1);
  }
  return undefined;
}
