import { Injectable } from '@nestjs/common';
import { WrongCredentialsError } from '../commands/sign-in/sign-in.errors.js';
import { Credentials } from './credentials.js';
import { type SignInAttempt, SignInAttempts } from './sign-in-attempts.js';
import { WrongSignInNotice } from './wrong-sign-in-notice.js';

/** Checks a password, and counts the wrong ones. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly credentials: Credentials,
    private readonly attempts: SignInAttempts,
    private readonly notice: WrongSignInNotice,
  ) {}

  /**
   * @param userId undefined for an unknown user; the answer takes as long
   * @returns which of the user's passwords it is
   * @throws WrongCredentialsError, TooManyRequestsError
   */
  async check(attempt: SignInAttempt, userId: string | undefined, password: string): Promise<string> {
    await this.attempts.admit(attempt);
    const { right, passwordId } = await this.credentials.verify(userId, password);
    const manyWrong = await this.attempts.settle(attempt, right);
    if (right) return passwordId;
    if (manyWrong && userId) this.notice.send(userId, attempt.now);
    throw WrongCredentialsError.forThisSignIn();
  }
}
