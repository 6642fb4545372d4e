import { shown, type StoredType, ValueRefusedError } from './stored-type.js';

/** PostgreSQL allows many more digits, but no realistic column needs them. */
const MOST_DIGITS = 1_000;

/**
 * `numeric`, as PostgreSQL returns it: decimal text. With a scale it is rounded half away from zero to that many
 * digits, without one it keeps the digits that it was given.
 * @param precision most digits in all
 * @param scale digits after the point
 */
export function decimalType(precision?: number, scale?: number): StoredType {
  return {
    normalize(value) {
      const { negative, digits, exponent } = parse(value);
      const places = scale ?? Math.max(-exponent, 0);
      const units = rounded(digits, exponent + places);
      if (precision !== undefined && units >= 10n ** BigInt(precision)) {
        throw new ValueRefusedError(`has more than ${precision - places} digits before the point: ${shown(value)}`);
      }
      const text = units.toString().padStart(places + 1, '0');
      const sign = negative && units !== 0n ? '-' : '';
      return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
    },
    keyText: (stored) => withoutTrailingZeros(stored as string),
    foldsKeys: true,
  };
}

function parse(value: unknown): { negative: boolean; digits: bigint; exponent: number } {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  const match = typeof text === 'string' ? /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(text) : null;
  const [, sign, whole = '', fraction = '', power = '0'] = match ?? [];
  if (!match || (whole === '' && fraction === '')) throw new ValueRefusedError(`is no decimal number: ${shown(value)}`);
  const exponent = Number(power) - fraction.length;
  if (whole.length + Math.abs(exponent) > MOST_DIGITS) {
    throw new ValueRefusedError(`has more than ${MOST_DIGITS} digits: ${shown(value)}`);
  }
  return { negative: sign === '-', digits: BigInt(whole + fraction), exponent };
}

/** `digits` times ten to the power of `shift`, rounded half up. */
function rounded(digits: bigint, shift: number): bigint {
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits / divisor + ((digits % divisor) * 2n >= divisor ? 1n : 0n);
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
