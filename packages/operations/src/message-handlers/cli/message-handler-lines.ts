import { table } from '../../cli/columns.js';
import { count } from '../../cli/format.js';
import type { MessageHandlerAnswer } from '../message-handler.answer.js';

/** A table of them below that of the subscriptions; nothing when there are none. */
export function messageHandlerLines(handlers: readonly MessageHandlerAnswer[]): string[] {
  if (handlers.length === 0) return [];
  const known = (number: number | null): string => (number === null ? '-' : count(number));
  const rows = handlers.map(({ name, from, state, waiting, unacknowledged, problem, lastError }) => [
    name,
    from ?? '-',
    state,
    known(waiting),
    known(unacknowledged),
    problem === null ? '-' : `${problem}: ${lastError}`,
  ]);
  const head = ['MESSAGE HANDLER', 'FROM', 'STATE', 'WAITING', 'UNACKNOWLEDGED', 'PROBLEM'];
  return ['', ...table(head, rows, ['left', 'left', 'left', 'right', 'right'])];
}
