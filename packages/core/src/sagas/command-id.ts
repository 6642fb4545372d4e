import { v5 as uuidv5 } from 'uuid';

/**
 * The id of the command that a method of a saga emits for an event as its `index`-th, counted from 0:
 * `uuid5(namespace: uuid5(namespace: event id, name: saga), name: '<method>:<index>')`; that of its compensation has
 * `:otherwise` behind the index. It is the same however often the event is handled, so that the log stores the effect once.
 */
export function commandIdOf(saga: string, method: string, eventId: string, index: number, suffix = ''): string {
  return uuidv5(`${method}:${index}${suffix}`, uuidv5(saga, eventId));
}
