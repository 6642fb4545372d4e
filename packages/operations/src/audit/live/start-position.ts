import { ValidationFailedError } from '@leftfold/http';

const POSITION = /^\d{1,16}$/;

/**
 * The position after which a client wants to begin; undefined when it names none.
 * @param head the last position of the log. A client that has seen a later one read another log, and would miss events
 * @throws ValidationFailedError
 */
export function startPosition(
  lastEventId: string | undefined,
  after: number | undefined,
  head: number,
): number | undefined {
  const field = lastEventId === undefined ? 'after' : 'Last-Event-ID';
  const place = lastEventId === undefined ? after : positionIn(lastEventId);
  if (place === undefined || place <= head) return place;
  throw ValidationFailedError.ofField(
    field,
    `${field} is ${place}, but this log ends at ${head}: that position comes from another log. Begin again with after=0.`,
  );
}

function positionIn(lastEventId: string): number {
  const position = POSITION.test(lastEventId) ? Number(lastEventId) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  throw ValidationFailedError.ofField(
    'Last-Event-ID',
    'Last-Event-ID must be the id of an event, which is a position.',
  );
}
