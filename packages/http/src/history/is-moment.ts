import { ValidateBy } from 'class-validator';

/** A date and a time with its zone, as in RFC 3339. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** Validates a query field: a time in ISO 8601 with its zone. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: isMoment,
      defaultMessage: () => '$property must be a time in ISO 8601 with its zone, such as 2026-01-31T12:00:00Z.',
    },
  });
}

function isMoment(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    DATE_TIME.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    isDay(value.slice(0, DAY_LENGTH))
  );
}

/** `Date` would accept the 30th of February as the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
