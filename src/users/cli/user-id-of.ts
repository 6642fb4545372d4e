import type { INestApplicationContext } from '@nestjs/common';
import { RegisteredUsers } from '../domain/registered-users.js';
import { UserNotFoundError } from '../domain/user.errors.js';
import { isEmailAddress } from './email-or-user-id.js';

/** Reads the log itself, so that a new user is found at once. @throws UserNotFoundError for an unknown address */
export async function userIdOf(app: INestApplicationContext, who: string): Promise<string> {
  if (!isEmailAddress(who)) return who;
  const userId = await app.get(RegisteredUsers, { strict: false }).findByEmail(who);
  if (userId === undefined) throw UserNotFoundError.withEmail(who);
  return userId;
}
