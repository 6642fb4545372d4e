import { validate } from 'uuid';

export function isTaskId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}
