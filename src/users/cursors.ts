import { validate } from 'uuid';

export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}
