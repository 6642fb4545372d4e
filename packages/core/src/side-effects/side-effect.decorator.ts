/** Options of `@SideEffect`. */
export interface SideEffectOptions {
  /** `<feature>.<what-it-does>`. It names the row of state; before you change it, see `formerly`. */
  readonly name: string;
  /**
   * Where a new side effect begins: with events stored from `now` on (the default), or at the `beginning` of the log.
   */
  readonly startAt?: 'now' | 'beginning';
  /**
   * Earlier names. Under its new name, the side effect continues at its old checkpoint, with its parked events. It
   * waits while a process of an earlier version runs it under the old name.
   */
  readonly formerly?: readonly string[];
}

const sideEffects = new WeakMap<object, SideEffectOptions>();

/**
 * Makes an `@EventsHandler` a side effect: it is called at least once for each event, in the order of the stream. When
 * the handler throws, the event is parked with the later ones of its stream and retried; other streams continue. See
 * `Retry`.
 */
export function SideEffect(options: SideEffectOptions): ClassDecorator {
  return (handlerClass) => {
    sideEffects.set(handlerClass, options);
  };
}

export function describeSideEffect(handlerClass: object): SideEffectOptions | undefined {
  return sideEffects.get(handlerClass);
}
