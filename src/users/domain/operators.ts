import { DecisionModel, decisionModel, type ModelParticipant } from '@leftfold/core';
import { RoleGranted } from '../events/role-granted.event.js';
import { RoleRevoked } from '../events/role-revoked.event.js';
import { LastOperatorError } from './user.errors.js';

/** Who is an operator. */
@DecisionModel({ events: [RoleGranted, RoleRevoked] })
export class Operators {
  private readonly userIds = new Set<string>();

  static all(): ModelParticipant<Operators> {
    return decisionModel(Operators, { role: 'operator' });
  }

  evolve(event: RoleGranted | RoleRevoked): void {
    if (event.type === 'users.role-granted') this.userIds.add(event.userId);
    else this.userIds.delete(event.userId);
  }

  /**
   * Refuses to revoke the last operator, because only operators can grant roles.
   * @throws LastOperatorError
   */
  refuseWithout(userId: string): void {
    if (this.userIds.size === 1 && this.userIds.has(userId)) throw LastOperatorError.becauseNoneWouldRemain();
  }
}
