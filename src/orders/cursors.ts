import { validate } from 'uuid';

export function isOrderId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}

export function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
