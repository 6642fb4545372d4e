import { isDeepStrictEqual } from 'node:util';
import type { AppendOptions, StreamAppend } from '../event-log/event-log.js';
import type { ModelLog, ModelOutcome } from './model-log.js';

export type Append = [appends: StreamAppend[], options: AppendOptions];

/**
 * Searches for an order of concurrent appends that explains all their outcomes, and returns the log after it. Source:
 * M. Herlihy, J. Wing, "Linearizability", 1990.
 */
export function inSomeOrder(
  before: ModelLog,
  appends: readonly Append[],
  outcomes: readonly ModelOutcome[],
): ModelLog | undefined {
  if (appends.length === 0) return before;
  for (const [index, append] of appends.entries()) {
    const after = before.copy();
    if (!isDeepStrictEqual(after.append(...append), outcomes[index])) continue;
    const end = inSomeOrder(after, appends.toSpliced(index, 1), outcomes.toSpliced(index, 1));
    if (end) return end;
  }
  return undefined;
}
