import { shortestSingle } from './shortest-single.js';
import { shown, type StoredType, ValueRefusedError } from './stored-type.js';

/** Whole numbers that JavaScript holds exactly, within a range. */
export function integerType(least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): StoredType {
  return {
    normalize(value) {
      // As it nearly always is. A negative zero is stored as zero.
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
        return value || 0;
      const whole = typeof value === 'boolean' ? Number(value) : wholeNumber(value);
      if (whole < least || whole > most) {
        throw new ValueRefusedError(`is not between ${least} and ${most}: ${shown(value)}`);
      }
      return Number(whole);
    },
    keyText: String,
  };
}

/** Whole numbers of 64 bits, as decimal text. */
export const bigIntegerType: StoredType = {
  normalize(value) {
    const whole = wholeNumber(value);
    if (whole !== BigInt.asIntN(64, whole)) throw new ValueRefusedError(`has more than 64 bits: ${shown(value)}`);
    return whole.toString();
  },
  keyText: (stored) => stored as string,
};

/** Numbers of 64 bits. */
export const doubleType: StoredType = {
  normalize: (value) => finiteNumber(value) + 0 || 0,
  keyText: String,
};

/** Numbers of 32 bits, as PostgreSQL returns them. */
export const floatType: StoredType = {
  normalize(value) {
    const single = Math.fround(finiteNumber(value));
    if (!Number.isFinite(single)) throw new ValueRefusedError(`does not fit into 32 bits: ${shown(value)}`);
    return shortestSingle(single);
  },
  keyText: String,
};

/** Booleans, in the form that the driver returns. */
export function booleanType(no: unknown, yes: unknown): StoredType {
  return {
    // TypeORM takes all but `true` as false on SQLite.
    fromProperty: (value) => value,
    normalize(value) {
      if (value === true || value === 1 || value === 'true' || value === 't' || value === '1') return yes;
      if (value === false || value === 0 || value === 'false' || value === 'f' || value === '0') return no;
      throw new ValueRefusedError(`is neither true nor false: ${shown(value)}`);
    },
    keyText: String,
  };
}

function wholeNumber(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value)) return BigInt(value.replace('+', ''));
  throw new ValueRefusedError(`is no whole number, or one that JavaScript rounds: ${shown(value)}`);
}

function finiteNumber(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new ValueRefusedError(`is no finite number: ${shown(value)}`);
}
