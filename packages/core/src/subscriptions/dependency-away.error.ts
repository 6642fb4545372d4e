/**
 * What a side effect depends on does not answer at the moment, such as a broker that is down. A handler throws it when
 * no event can be handled, whatever its stream: the event is not parked, its attempts are not counted, and the
 * subscription waits at its checkpoint and tries again without limit, with the pauses of its retry options.
 */
export class DependencyAwayError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DependencyAwayError';
  }
}
