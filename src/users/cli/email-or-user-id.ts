import { wrongValue } from '@leftfold/operations/cli';
import { validate as isUuid } from 'uuid';

/** Reads the argument of that name. It throws a UsageError for another text. */
export function emailOrUserId(name: string): (text: string) => string {
  return (text) => {
    if (isUuid(text) || isEmailAddress(text)) return text;
    throw wrongValue(name, text, 'an e-mail address, or a user id (a UUID)');
  };
}

/** Whether the address exists is checked in the log. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}
