import { v5 as uuidv5 } from 'uuid';

/**
 * Id of the `index`-th command (from 0) that a saga's method emits for an event: `uuid5(namespace: uuid5(namespace:
 * event id, name: saga), name: '<method>:<index>')`. The id of its compensation has `:otherwise` after the index. It is
 * the same each time the event is handled, so the log stores the effect once.
 */
export function commandIdOf(saga: string, method: string, eventId: string, index: number, suffix = ''): string {
  return uuidv5(`${method}:${index}${suffix}`, uuidv5(saga, eventId));
}
