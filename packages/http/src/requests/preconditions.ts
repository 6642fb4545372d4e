import { ValidationFailedError } from '../problems/validation-failed.error.js';

const ENTITY_TAG = /^"([1-9]\d{0,15})"$/;
const POSITION = /^\d{1,16}$/;

/**
 * The expected version of a command, from `If-Match`.
 * @throws ValidationFailedError for anything but one strong entity tag, because a command is decided on one version
 */
export function expectedVersionFrom(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined) return undefined;
  const version = Number(ENTITY_TAG.exec(ifMatch)?.[1]);
  if (Number.isSafeInteger(version)) return version;
  throw ValidationFailedError.ofField('If-Match', 'If-Match must be one version in double quotes, such as "3".');
}

/**
 * The position that an answer must include, from `Leftfold-Min-Position`.
 * @throws ValidationFailedError
 */
export function minPositionFrom(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const position = typeof header === 'string' && POSITION.test(header) ? Number(header) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  throw ValidationFailedError.ofField(
    'Leftfold-Min-Position',
    'Leftfold-Min-Position must be a position, such as the value of Leftfold-Position.',
  );
}
