import { camel } from './words.js';

/** @typedef {import('./aggregates.js').KnownAggregate} KnownAggregate */
/** @typedef {import('./aggregates.js').KnownEvent} KnownEvent */

/** Members that every aggregate inherits. */
const TAKEN = new Set(['apply', 'constructor', 'evolve', 'id', 'restoreSnapshot', 'takeSnapshot', 'version']);

/**
 * The aggregate's method for a command: `confirm` for `confirm-order`, `addStock` for `add-stock`.
 * @param {string} command
 * @param {KnownAggregate} aggregate
 */
export function methodNameFor(command, { name }) {
  const rest = `-${command}-`.replace(`-${name}-`, '-').slice(1, -1);
  const method = camel(rest || command);
  return TAKEN.has(method) ? camel(command) : method;
}

/**
 * The event of a command: `order-confirmed` for `confirm-order`. Participles differ from their verbs at
 * the end, so the beginnings are compared.
 * @param {string} command
 * @param {readonly KnownEvent[]} events
 */
export function eventThatFollows(command, events) {
  const [verb = '', ...object] = command.split('-');
  const stem = verb.slice(0, Math.max(2, verb.length - 1));
  return events.find(({ name }) => {
    const words = name.split('-');
    return words.at(-1)?.startsWith(stem) && words.slice(0, -1).join('-') === object.join('-');
  });
}
