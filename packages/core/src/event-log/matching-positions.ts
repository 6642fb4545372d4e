import type { Dialect } from '../databases/dialects/dialect.js';
import type { PositionRange } from './log-queries.js';
import type { PreparedItem } from './prepared-append.js';

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Selects the first positions of a range whose events match one of the items, or the last ones when backwards. Each
 * item is one walk along an index, in the order of positions, that ends at the limit.
 */
export function matchingPositions(
  dialect: Dialect,
  items: readonly PreparedItem[],
  range: PositionRange,
  limit: number,
  backwards = false,
): Statement {
  const walks = items.flatMap((item) => walksOf(dialect, item, range, limit, backwards));
  const [only] = walks;
  if (only && walks.length === 1) return only;
  const union = walks.map(({ sql }, index) => `select position from (${sql}) walk_${index}`).join(' union ');
  return {
    sql: `select position from (${union}) walks order by position ${backwards ? 'desc' : 'asc'} limit ?`,
    parameters: [...walks.flatMap(({ parameters }) => parameters), limit],
  };
}

/** Selects the last position of each item in a range, once if several items have the same. */
export function lastPositions(dialect: Dialect, items: readonly PreparedItem[], range: PositionRange): Statement {
  const last = items.map((item) => lastOf(walksOf(dialect, item, range, 1, true)));
  const [only] = last;
  if (only && last.length === 1) return only;
  return {
    sql: last.map(({ sql }, index) => `select position from (${sql}) item_${index}`).join(' union '),
    parameters: last.flatMap(({ parameters }) => parameters),
  };
}

/** The highest position that any of the walks ends at. */
function lastOf(walks: readonly Statement[]): Statement {
  const [only] = walks;
  if (only && walks.length === 1) return only;
  const all = walks.map(({ sql }, index) => `select position from (${sql}) walk_${index}`).join(' union all ');
  return {
    sql: `select max(position) as position from (${all}) walks`,
    parameters: walks.flatMap(({ parameters }) => parameters),
  };
}

function walksOf(
  dialect: Dialect,
  { tags, types }: PreparedItem,
  range: PositionRange,
  limit: number,
  backwards: boolean,
): Statement[] {
  if (tags.length > 0) return [tagWalk(dialect, tags, types, range, limit, backwards)];
  const select = 'select e.position from leftfold_events e where';
  const order = backwards ? 'desc' : 'asc';
  if (types.length > 0) {
    const typed = dialect.valueInRange('e.type', 'e.position', order);
    return types.map((type) => ({
      sql: `${select} ${typed.where} order by ${typed.orderBy} limit ?`,
      parameters: [...typed.parameters(type, range.after, range.upTo), limit],
    }));
  }
  return [
    {
      sql: `${select} e.position > ? and e.position <= ? order by e.position ${order} limit ?`,
      parameters: [range.after, range.upTo, limit],
    },
  ];
}

function tagWalk(
  dialect: Dialect,
  [first, ...others]: readonly string[],
  types: readonly string[],
  { after, upTo }: PositionRange,
  limit: number,
  backwards: boolean,
): Statement {
  // Scalar subqueries: a database can't turn them into a join that reads more than the events of the first tag.
  const alsoTagged = others.map(
    () => ' and (select count(*) from leftfold_event_tags u where u.tag = ? and u.position = t.position) > 0',
  );
  const typed = dialect.isAnyOf('(select e.type from leftfold_events e where e.position = t.position)');
  return {
    sql:
      `select t.position from leftfold_event_tags t where t.tag = ? and t.position > ? and t.position <= ?` +
      `${alsoTagged.join('')}${types.length > 0 ? ` and ${typed}` : ''}` +
      ` order by t.position ${backwards ? 'desc' : 'asc'} limit ?`,
    parameters: [first, after, upTo, ...others, ...(types.length > 0 ? [dialect.list(types)] : []), limit],
  };
}
