/** What `@SagaName` may add to the name. */
export interface SagaOptions {
  /** Which events a new one begins with: those that come from `now` on (the default), or all from the `beginning`. */
  readonly startAt?: 'now' | 'beginning';
  /**
   * Names that it had before. A new name goes on where the old one stopped, with what that has set aside and emitted. While
   * a process of an earlier version works under the old name, it waits.
   */
  readonly formerly?: readonly string[];
}

export interface SagaDescriptor extends SagaOptions {
  readonly name: string;
}

const sagas = new WeakMap<object, SagaDescriptor>();

/**
 * Makes the `@Saga()` methods of a class durable, under one name: `<feature>.<process>`; see `formerly` before you change it. Each
 * event is given to them afresh; what they emit is stored together with the place in the log, and then executed, exactly once and
 * in the order of the stream that caused it. See `StoredCommand`, and `Retry` for what fails.
 */
export function SagaName(name: string, options: SagaOptions = {}): ClassDecorator {
  return (sagaClass) => {
    sagas.set(sagaClass, { name, ...options });
  };
}

export function describeSaga(sagaClass: object): SagaDescriptor | undefined {
  return sagas.get(sagaClass);
}
