import type { DeadLetter, DeadLetterCount, DeadLetterFate } from './dead-letter.js';

/** Stores dead letters of one kind. */
export interface DeadLetterStore {
  list(after: string | undefined, limit: number): Promise<DeadLetter[]>;
  count(): Promise<DeadLetterCount[]>;
  find(id: string): Promise<DeadLetter | undefined>;
  fate(id: string): Promise<DeadLetterFate | undefined>;
  /** Returns whether it existed. */
  retry(id: string): Promise<boolean>;
  /** Returns whether it existed. */
  discard(id: string): Promise<boolean>;
}

/** Columns as the databases return them; PostgreSQL's 64-bit integers may be strings. */
export interface DeadLetterColumns {
  readonly id: string;
  readonly subscription: string;
  readonly position: number | string;
  readonly stream: string;
  readonly version: number | string;
  readonly type: string;
  readonly attempts: number;
  readonly first_failed_at: number | string;
  readonly last_failed_at: number | string;
  readonly error: string;
  readonly stack: string | null;
  readonly waiting: number | string;
}

export function deadLetter(kind: DeadLetter['kind'], row: DeadLetterColumns): DeadLetter {
  return {
    id: row.id,
    kind,
    subscription: row.subscription,
    position: Number(row.position),
    stream: row.stream,
    version: Number(row.version),
    type: row.type,
    attempts: row.attempts,
    firstFailedAt: new Date(Number(row.first_failed_at)),
    lastFailedAt: new Date(Number(row.last_failed_at)),
    error: row.error,
    stack: row.stack,
    waiting: Number(row.waiting),
  };
}

export interface CountColumns {
  readonly subscription: string;
  readonly letters: number | string;
}

export function deadLetterCount(kind: DeadLetter['kind'], { subscription, letters }: CountColumns): DeadLetterCount {
  return { subscription, kind, count: Number(letters) };
}

export interface FateColumns {
  readonly subscription: string;
  readonly state: string;
  readonly is_due: boolean | number | null;
  readonly attempts: number;
  readonly error: string | null;
}

export function deadLetterFate(kind: DeadLetter['kind'], row: FateColumns): DeadLetterFate {
  const { subscription, state, is_due: isDue, attempts, error } = row;
  return {
    kind,
    subscription,
    state: state === 'dead' ? 'dead' : 'retrying',
    isDue: Boolean(isDue),
    attempts,
    error: error ?? '',
  };
}
