import { type ICommand, type IEvent, ofType, Saga } from '@nestjs/cqrs';
import { concatMap, delay, map, mergeMap, NEVER, type Observable, of } from 'rxjs';
import { StoredCommand } from '../commands/stored-command.decorator.js';
import { DomainEvent } from '../events/domain-event.decorator.js';
import { sagaSpec } from './saga-spec.js';

@DomainEvent('parcels.parcel-packed')
class ParcelPacked {
  declare readonly type: 'parcels.parcel-packed';
  constructor(
    readonly parcelId: string,
    readonly weights: readonly number[],
  ) {}
}

@StoredCommand('parcels.weigh', 1)
class WeighCommand {
  constructor(
    readonly parcelId: string,
    readonly weight: number,
    readonly note?: string,
  ) {}
}

@StoredCommand('parcels.label', 1)
class LabelCommand {
  constructor(readonly parcelId: string) {}
}

class UnstoredCommand {}

class PackingSaga {
  @Saga()
  weigh = (events$: Observable<IEvent>): Observable<ICommand> =>
    events$.pipe(
      ofType(ParcelPacked),
      mergeMap(({ parcelId, weights }) => weights.map((weight) => new WeighCommand(parcelId, weight))),
    );

  @Saga()
  label(events$: Observable<IEvent>): Observable<ICommand> {
    return events$.pipe(
      ofType(ParcelPacked),
      delay(1),
      map(({ parcelId }) => new LabelCommand(parcelId)),
    );
  }
}

/** A saga with one method. */
function sagaOf(method: (events$: Observable<IEvent>) => unknown): object {
  class OneSaga {
    react(events$: Observable<IEvent>): unknown {
      return method(events$);
    }
  }
  Saga()(OneSaga.prototype, 'react');
  return new OneSaga();
}

describe('a saga spec', () => {
  const saga = sagaSpec(new PackingSaga());
  const packed = new ParcelPacked('p1', [3, 5]);
  const expected = [new WeighCommand('p1', 3), new WeighCommand('p1', 5), new LabelCommand('p1')];

  it('expects the exact list, event by event and method by method', async () => {
    await saga.given(packed).expectCommands(expected);
    await saga.given(packed, new ParcelPacked('p2', [])).expectCommands([...expected, new LabelCommand('p2')]);
    await saga.given().expectNothing();
  });

  it.each([
    ['one is missing', expected.slice(1)],
    ['one is too many', [...expected, new LabelCommand('p1')]],
    ['the order is another', expected.toReversed()],
    ['a value is another', [new WeighCommand('p1', 4), ...expected.slice(1)]],
    [
      'the class is another',
      [...expected.slice(0, 2), Object.assign(new WeighCommand('p1', 1), { weight: undefined })],
    ],
  ])('fails when %s', async (_what, wrong) => {
    await expect(saga.given(packed).expectCommands(wrong)).rejects.toThrow('Expected values to be strictly deep-equal');
  });

  it('fails when a command is emitted and none is expected', async () => {
    await expect(saga.given(packed).expectNothing()).rejects.toThrow('strictly deep-equal');
  });

  it('runs each event separately, without state', async () => {
    let seen = 0;
    const counting = sagaOf((events$) =>
      events$.pipe(
        concatMap((_event, index) => {
          seen += 1;
          return of(new LabelCommand(String(index)));
        }),
      ),
    );
    await sagaSpec(counting)
      .given(packed, packed)
      .expectCommands([new LabelCommand('0'), new LabelCommand('0')]);
    expect(seen).toBe(2);
  });

  it.each([
    ['never completes', () => NEVER, 'react did not complete within 1 s'],
    ['returns no Observable', () => [new LabelCommand('p1')], 'react returns no Observable'],
    ['emits what is not stored', () => of(new UnstoredCommand()), "UnstoredCommand can't be stored"],
    ['emits what has no class', () => of(Object.create(null)), "An object without a class can't be stored"],
    ['emits what JSON would change', () => of(new WeighCommand('p1', NaN)), 'WeighCommand.weight'],
    [
      'throws',
      () => {
        throw new Error('no idea');
      },
      'no idea',
    ],
  ] as [string, (events$: Observable<IEvent>) => unknown, string][])(
    'fails when a method %s',
    async (_what, method, sentence) => {
      await expect(sagaSpec(sagaOf(method)).given(packed).expectNothing()).rejects.toThrow(sentence);
    },
  );

  it('fails for a class without a saga, and for an object that is no event', async () => {
    await expect(sagaSpec(new UnstoredCommand()).given(packed).expectNothing()).rejects.toThrow(
      'no method with @Saga()',
    );
    await expect(saga.given(new UnstoredCommand()).expectNothing()).rejects.toThrow(
      'UnstoredCommand has no stored name',
    );
  });
});
