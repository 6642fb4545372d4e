import { validate } from 'uuid';

export function isOrderId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}
