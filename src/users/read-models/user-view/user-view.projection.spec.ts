import type { EventContext, ReadModel } from '@leftfold/core';
import type { UserEvent } from '../../events/user.events.js';
import {
  aChangedEmail,
  aForgottenRegistration,
  aForgottenUser,
  aLogin,
  aRegisteredUser,
  NOW,
  USER_ID,
} from '../../testing/user.fixtures.js';
import type { UserView } from './user-view.entity.js';
import { UserViewProjection } from './user-view.projection.js';

describe('the row of a user', () => {
  let rows: Map<string, UserView>;
  let projection: UserViewProjection;

  beforeEach(() => {
    rows = new Map();
    projection = new UserViewProjection({
      get: async (userId: string) => rows.get(userId),
      save: (row: UserView) => rows.set(row.userId, row),
      remove: (userId: string) => rows.delete(userId),
    } as unknown as ReadModel<UserView>);
  });

  const handle = async (event: UserEvent, forgotten?: readonly string[]): Promise<boolean> => {
    await projection.handle(event, { version: 1, recordedAt: NOW, forgotten } as EventContext);
    return rows.has(USER_ID);
  };

  it('is there until the user is forgotten', async () => {
    expect(await handle(aRegisteredUser())).toBe(true);
    expect(await handle(aLogin())).toBe(true);
    expect(await handle(aForgottenUser())).toBe(false);
  });

  it('is not made by a view that is behind the forgetting', async () => {
    expect(await handle(aForgottenRegistration(USER_ID), ['username', 'email'])).toBe(false);
    expect(await handle(aLogin())).toBe(false);
    expect(await handle(aForgottenUser())).toBe(false);
  });

  it('goes as soon as a view that is behind meets an absent name', async () => {
    await handle(aRegisteredUser());

    expect(await handle(aChangedEmail(), ['email', 'previousEmail'])).toBe(false);
    expect(await handle(aLogin())).toBe(false);
  });
});
