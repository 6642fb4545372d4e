import { v5 as uuidv5 } from 'uuid';

/**
 * Id of the `index`-th command (from 0) that a saga's method emits for an event: `uuid5(namespace: uuid5(namespace:
 * event id, name: saga), name: '<method>:<index>')`. The id of its compensation has `:otherwise` after the index. For
 * the second and later events into which an upcaster splits the stored one, `<part>/` is before the method. It is the
 * same each time the event is handled, so the log stores the effect once.
 * @param part the place among those events, from 0
 */
export function commandIdOf(
  saga: string,
  { method, part = 0 }: { readonly method: string; readonly part?: number },
  eventId: string,
  index: number,
  suffix = '',
): string {
  return uuidv5(`${part === 0 ? '' : `${part}/`}${method}:${index}${suffix}`, uuidv5(saga, eventId));
}
