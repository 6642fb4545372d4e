/** Further options of `@SagaName`. */
export interface SagaOptions {
  /** Where a new saga begins: with events stored from `now` on (the default), or at the `beginning` of the log. */
  readonly startAt?: 'now' | 'beginning';
  /**
   * Earlier names. Under its new name, the saga continues at its old checkpoint, with its parked events and its
   * commands in the outbox. It waits while a process of an earlier version runs it under the old name.
   */
  readonly formerly?: readonly string[];
  /**
   * Whether several nodes on PostgreSQL share its streams; default true. With false one node runs it, and gives it the
   * events of all streams in the order of the log.
   */
  readonly partitioned?: boolean;
}

export interface SagaDescriptor extends SagaOptions {
  readonly name: string;
}

const sagas = new WeakMap<object, SagaDescriptor>();

/**
 * Makes the `@Saga()` methods of a class durable, under the name `<feature>.<process>`. Before you change the name, see
 * `formerly`. The methods keep no state between events. Emitted commands are stored together with the checkpoint, and
 * then executed exactly once, in the order of the stream that caused them. See `StoredCommand`, and `Retry` for
 * failures.
 */
export function SagaName(name: string, options: SagaOptions = {}): ClassDecorator {
  return (sagaClass) => {
    sagas.set(sagaClass, { name, ...options });
  };
}

export function describeSaga(sagaClass: object): SagaDescriptor | undefined {
  return sagas.get(sagaClass);
}
