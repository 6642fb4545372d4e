import { SetupError } from '../../errors.js';
import { pauseAfter } from '../retry-policy.js';

/** How long a subscription that stopped after an error pauses before it starts again by itself, in ms. */
export interface RestartPause {
  /** The first pause; it doubles with every stop without progress. */
  readonly first: number;
  readonly longest: number;
}

/** What is stored of a subscription that stops after an error. */
export interface Stop {
  readonly error: string;
  /** Number of stops since its last progress, with this one. */
  readonly restarts: number;
  /** After how long it starts again, in ms; null when only an operator or the start of a process starts it. */
  readonly restartIn: number | null;
}

/**
 * The longest pause that can be set, in ms. A restart that is further ahead was stored while the database's clock was
 * wrong, and counts as due.
 */
export const LONGEST_PAUSE = 24 * 60 * 60_000;

/**
 * The pauses: from 1 s to 5 min unless set otherwise.
 * @throws SetupError when a time is not positive, above 24 hours, or the longest is shorter than the first
 */
export function restartPauseOf({
  longest = 5 * 60_000,
  first = Math.min(1_000, longest),
}: Partial<RestartPause>): RestartPause {
  if (first > 0 && longest >= first && longest <= LONGEST_PAUSE) return { first, longest };
  throw new SetupError(
    `restartPause is from ${first} to ${longest} ms. Give times above 0 and of at most ${LONGEST_PAUSE} ms, the longest at least as long as the first.`,
  );
}

/** A random part of up to a half is left out, so that subscriptions that stopped together don't start together. */
export function stopFor(error: string, restartsBefore: number, pause: RestartPause | undefined): Stop {
  const restarts = restartsBefore + 1;
  return { error, restarts, restartIn: pause ? Math.ceil(pauseAfter(restarts, pause)) : null };
}

/** SQL: how many ms from now the restart in this column is due; null when none is stored. */
export function restartIn(column: string, now: string): string {
  return `(case when ${column} > ${now} + ${LONGEST_PAUSE} then 0 else ${column} - ${now} end)`;
}

/** Why a subscription does not run, and when it starts again. */
export interface Halt {
  readonly halted: 'paused' | 'stopped' | null;
  readonly restartIn: number | null;
}

/**
 * Whether a subscription may not start now.
 * @param restart whether a subscription starts that was stopped after an error and whose pause is not over
 */
export function isHalted({ halted, restartIn: wait }: Halt, restart: boolean): boolean {
  if (halted === 'stopped') return !restart && (wait === null || wait > 0);
  return halted !== null;
}
