import { aGrantedOperator, aRevokedOperator, OTHER_USER_ID, USER_ID } from '../testing/user.fixtures.js';
import { anOperatorRemainsWithout } from './an-operator-remains.js';
import { LastOperatorError } from './user.errors.js';

describe('an operator remains', () => {
  const guard = anOperatorRemainsWithout(USER_ID);

  it('refuses when it is the last operator', () =>
    expect(() => guard.check([aGrantedOperator()])).toThrow(LastOperatorError));

  it('refuses the last operator after another was revoked', () =>
    expect(() =>
      guard.check([aGrantedOperator(), aGrantedOperator(OTHER_USER_ID), aRevokedOperator(OTHER_USER_ID)]),
    ).toThrow(LastOperatorError));

  it('allows it for one of two', () =>
    expect(() => guard.check([aGrantedOperator(), aGrantedOperator(OTHER_USER_ID)])).not.toThrow());

  it('allows it for a user who is no operator', () =>
    expect(() => guard.check([aGrantedOperator(OTHER_USER_ID)])).not.toThrow());
});
