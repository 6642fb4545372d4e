import { SetupError } from '../errors.js';

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
  /**
   * The most events, of different streams, that its handler handles at the same time, from 1 to 500; 1 when left out.
   * Events of one stream are always handled one after the other, in order. After a crash, up to this many events are
   * handled again.
   */
  readonly concurrency?: number;
  /**
   * Whether several nodes on PostgreSQL share its streams; default true. With false one node runs it, and gives it the
   * events of all streams in the order of the log.
   */
  readonly partitioned?: boolean;
}

/** The events of a batch. */
const MOST_AT_ONCE = 500;

const sideEffects = new WeakMap<object, SideEffectOptions>();

/**
 * Checks the number of events that a side effect handles at the same time.
 * @throws SetupError when it is out of range
 */
export function checkConcurrency(name: string, concurrency: number): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MOST_AT_ONCE) return concurrency;
  throw new SetupError(
    `The concurrency of the side effect "${name}" is ${concurrency}. Give it a whole number from 1 to ${MOST_AT_ONCE}.`,
  );
}

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
