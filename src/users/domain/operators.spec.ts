import { modelSpec } from '@leftfold/core/testing';
import { aGrantedOperator, aRevokedOperator, OTHER_USER_ID, USER_ID } from '../testing/user.fixtures.js';
import { Operators } from './operators.js';
import { LastOperatorError } from './user.errors.js';

describe('operators', () => {
  const after = (...events: object[]) => modelSpec(Operators.all()).given(...events);

  it('refuse when it is the last operator', () =>
    expect(() => after(aGrantedOperator()).refuseWithout(USER_ID)).toThrow(LastOperatorError));

  it('refuse the last operator after another was revoked', () => {
    const operators = after(aGrantedOperator(), aGrantedOperator(OTHER_USER_ID), aRevokedOperator(OTHER_USER_ID));
    expect(() => operators.refuseWithout(USER_ID)).toThrow(LastOperatorError);
  });

  it('allow it for one of two', () =>
    expect(() => after(aGrantedOperator(), aGrantedOperator(OTHER_USER_ID)).refuseWithout(USER_ID)).not.toThrow());

  it('allow it for a user who is no operator', () =>
    expect(() => after(aGrantedOperator(OTHER_USER_ID)).refuseWithout(USER_ID)).not.toThrow());
});
