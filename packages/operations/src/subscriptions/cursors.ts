import { validate } from 'uuid';

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isDeadLetterId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}
