/** What `@SideEffect` says of a handler. */
export interface SideEffectOptions {
  /** `<feature>.<what-it-does>`; the name of its row of state; see `formerly` before you change it. */
  readonly name: string;
  /** Which events a new one begins with: those that come from `now` on (the default), or all from the `beginning`. */
  readonly startAt?: 'now' | 'beginning';
  /**
   * Names that it had before. A new name goes on where the old one stopped, with what that has set aside and emitted. While
   * a process of an earlier version works under the old name, it waits.
   */
  readonly formerly?: readonly string[];
}

const sideEffects = new WeakMap<object, SideEffectOptions>();

/**
 * Makes an `@EventsHandler` a side effect: it is called at least once for each event, in the order of the stream. An event
 * whose handler throws is set aside with the later ones of its stream, and tried again; others flow on. See `Retry`.
 */
export function SideEffect(options: SideEffectOptions): ClassDecorator {
  return (handlerClass) => {
    sideEffects.set(handlerClass, options);
  };
}

export function describeSideEffect(handlerClass: object): SideEffectOptions | undefined {
  return sideEffects.get(handlerClass);
}
