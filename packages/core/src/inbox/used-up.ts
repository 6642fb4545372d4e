import type { Failure } from '../subscriptions/parking/failure.js';
import type { Tries } from './inbox-table.js';

/**
 * Why a message must not be tried again, although its last failure is not known: the process has crashed too often.
 * @param tries with the attempt that is about to be made
 * @param deaths how often a process may crash
 * @param last error of the last failed attempt
 */
export function usedUpByDeaths(
  { tries, failures }: Tries,
  deaths: number,
  last: string | undefined,
): Failure | undefined {
  const died = tries - 1 - failures;
  if (died < deaths) return undefined;
  const known = last === undefined ? '' : ` The last failure that is known: ${last}`;
  return {
    message: `The process died ${died} times while it handled this message, or was blocked for longer than the broker waits.${known}`,
    stack: null,
  };
}
