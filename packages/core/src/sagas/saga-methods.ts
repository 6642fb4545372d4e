import 'reflect-metadata';
import { type ICommand, type IEvent, Saga } from '@nestjs/cqrs';
import { type Observable, filter, isObservable, map, of } from 'rxjs';
import { SetupError } from '../errors.js';

/** A method with `@Saga()`. */
export interface SagaMethod {
  readonly name: string;
  readonly run: (events$: Observable<IEvent>) => Observable<ICommand>;
}

/** Time limit of a saga method, in ms. It is a function from an event to commands and must not wait for anything. */
const LIMIT = 1_000;

class Probe {}
Saga()(Probe.prototype, 'probe');
/** Nest does not export the metadata key of its decorator, so it is read from a decorated probe class. */
const METHODS = Reflect.getOwnMetadataKeys(Probe)[0] as string;

/**
 * The methods with `@Saga()`, in the order of declaration.
 * @throws SetupError when one is not a function
 */
export function sagaMethodsOf(saga: object): SagaMethod[] {
  const names = (Reflect.getMetadata(METHODS, saga.constructor) ?? []) as (keyof typeof saga)[];
  return [...new Set(names)].map((name) => {
    const method: unknown = saga[name];
    if (typeof method !== 'function') {
      throw new SetupError(`${saga.constructor.name}.${String(name)} has a @Saga and is no method. Make it one.`);
    }
    return { name, run: method.bind(saga) as SagaMethod['run'] };
  });
}

/**
 * Runs a saga method for one event and returns what it emits. Each run is new, so the method keeps no state between
 * events.
 * @param keep converts each command at once, before the method can change it; `index` counts from 0
 */
export function emittedBy<T>(
  method: SagaMethod,
  event: object,
  keep: (command: object, index: number) => T,
): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const commands$: unknown = method.run(of(event));
    if (!isObservable(commands$)) {
      throw new Error(`The saga method ${method.name} returns no Observable. Return events$.pipe(...).`);
    }
    const kept: T[] = [];
    const subscription = commands$
      .pipe(
        // Nest's own sagas also skip empty values.
        filter((command) => Boolean(command)),
        map((command, index) => keep(command as object, index)),
      )
      .subscribe({
        next: (each) => void kept.push(each),
        error: (error: Error) => reject(error),
        complete: () => resolve(kept),
      });
    if (subscription.closed) return;
    const limit = setTimeout(() => {
      subscription.unsubscribe();
      reject(
        new Error(
          `The saga method ${method.name} did not complete within ${LIMIT / 1_000} s. ` +
            `It must not wait: emit scheduled(command, { after, key }) instead.`,
        ),
      );
    }, LIMIT);
    subscription.add(() => clearTimeout(limit));
  });
}
