import { wrongValue } from '@leftfold/operations/cli';
import { validate as isUuid } from 'uuid';

/** @throws UsageError */
export function emailOrUserId(text: string): string {
  if (isUuid(text) || isEmailAddress(text)) return text;
  throw wrongValue('<user>', text, 'an e-mail address, or a user id (a UUID)');
}

/** Whether the address exists is checked in the log. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}
