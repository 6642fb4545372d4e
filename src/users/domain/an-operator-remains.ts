import type { Guard } from '@leftfold/core';
import type { UserEvent } from '../events/user.events.js';
import { LastOperatorError } from './user.errors.js';

/** Refuses to revoke the last operator, because only operators can grant roles. */
export function anOperatorRemainsWithout(userId: string): Guard<UserEvent> {
  return {
    query: { tags: [{ name: 'role', value: 'operator' }] },
    check: (events) => {
      const operators = new Set<string>();
      for (const event of events) {
        if (event.type === 'users.role-granted') operators.add(event.userId);
        if (event.type === 'users.role-revoked') operators.delete(event.userId);
      }
      if (operators.size === 1 && operators.has(userId)) throw LastOperatorError.becauseNobodyWouldBeLeft();
    },
  };
}
