import { AssertionError } from 'node:assert';
import { DecisionModel } from '../decisions/decision-model.decorator.js';
import { decisionModel } from '../decisions/participants.js';
import { DomainEvent } from '../events/domain-event.decorator.js';
import type { JsonObject } from '../events/json.js';
import { exactly } from '../events/tags.js';
import { modelSpec } from './model-spec.js';

@DomainEvent('rooms.key-handed-out', {
  tags: ({ room, guest }: KeyHandedOut) => ({ room, guest: exactly(guest) }),
})
class KeyHandedOut {
  declare readonly type: 'rooms.key-handed-out';
  constructor(
    readonly room: string,
    readonly guest: string,
  ) {}
}

@DomainEvent('rooms.room-closed')
class RoomClosed {
  declare readonly type: 'rooms.room-closed';
}

@DecisionModel({ events: [KeyHandedOut] })
class Keys {
  readonly guests: string[] = [];

  evolve({ guest }: KeyHandedOut): void {
    this.guests.push(guest);
  }
}

@DecisionModel({ events: [KeyHandedOut], lastEventOnly: true })
class LastKeys extends Keys {}

@DecisionModel({ events: [KeyHandedOut], name: 'rooms.forgetful', snapshotVersion: 1 })
class Forgetful extends Keys {
  takeSnapshot(): JsonObject {
    return {};
  }

  restoreSnapshot(): void {
    this.guests.length = 0;
  }
}

describe('the spec of a decision model', () => {
  const events = [
    new KeyHandedOut('12', 'Ann'),
    new KeyHandedOut('14', 'Bob'),
    new KeyHandedOut('12', 'ann'),
    new KeyHandedOut('14', 'Cid'),
  ];

  it.each([
    ['all events, for a class', Keys, ['Ann', 'Bob', 'ann', 'Cid']],
    ['those with its tags', decisionModel(Keys, { room: ' 12' }), ['Ann', 'ann']],
    ['those with all of its tags', decisionModel(Keys, { room: '12', guest: exactly('ann') }), ['ann']],
    [
      'those with one of the sets',
      decisionModel(Keys, { room: '12' }, { guest: exactly('Bob') }),
      ['Ann', 'Bob', 'ann'],
    ],
    ['none with an inexact tag for an exact one', decisionModel(Keys, { guest: 'Bob' }), []],
    ['the last one of each set', decisionModel(LastKeys, { room: '14' }, { room: '12' }), ['ann', 'Cid']],
    ['the last one of all', LastKeys, ['Cid']],
  ])('folds %s', (_, model, expected) => {
    expect(modelSpec(model).given(...events).guests).toEqual(expected);
  });

  it('refuses events that the model does not fold', () =>
    expect(() => modelSpec(Keys).given(new RoomClosed())).toThrow('RoomClosed is not among the events of Keys.'));

  it('refuses a snapshot that loses part of the state', () =>
    expect(() => modelSpec(Forgetful).given(...events)).toThrow(AssertionError));
});
