import { aGrantedOperator, aRevokedOperator, OTHER_USER_ID, USER_ID } from '../testing/user.fixtures.js';
import { anOperatorRemainsWithout } from './an-operator-remains.js';
import { LastOperatorError } from './user.errors.js';

describe('an operator remains', () => {
  const guard = anOperatorRemainsWithout(USER_ID);

  it('refuses the last one', () => expect(() => guard.check([aGrantedOperator()])).toThrow(LastOperatorError));

  it('refuses the last one after another was revoked', () =>
    expect(() =>
      guard.check([aGrantedOperator(), aGrantedOperator(OTHER_USER_ID), aRevokedOperator(OTHER_USER_ID)]),
    ).toThrow(LastOperatorError));

  it('lets one of two go', () =>
    expect(() => guard.check([aGrantedOperator(), aGrantedOperator(OTHER_USER_ID)])).not.toThrow());

  it('lets somebody go who is none', () => expect(() => guard.check([aGrantedOperator(OTHER_USER_ID)])).not.toThrow());
});
