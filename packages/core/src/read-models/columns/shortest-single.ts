const FRACTION_BITS = 23;
const IMPLICIT_BIT = 1 << FRACTION_BITS;
/** Exponent of the last bit of the smallest numbers. */
const LEAST_EXPONENT = -149;
const LEAST_NORMAL = 2 ** -126;
/** Two decimals of this many digits are never closer to each other than two adjacent 32-bit numbers. */
const SAFE_DIGITS = 6;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * The decimal that PostgreSQL 12 and later print for a 32-bit number: the shortest one strictly between the midpoints
 * to its neighbours; of several the nearest, of two equally near the even one.
 *
 * Source: U. Adams, "Ryu: fast float-to-string conversion", PLDI 2018, with exact integers in place of its tables.
 * @param value finite, as `Math.fround` returns it
 */
export function shortestSingle(value: number): number {
  if (value === 0) return 0;
  const size = Math.abs(value);
  return Math.sign(value) * (ofFewDigits(size) ?? exactly(size));
}

/** Fast path for common input: a decimal of few digits is the only one of its length near the number. */
function ofFewDigits(size: number): number | undefined {
  if (size < LEAST_NORMAL) return undefined;
  const short = Number(size.toPrecision(SAFE_DIGITS));
  const { fraction, exponent } = partsOf(size);
  const halfGap = 2 ** (exponent - 1);
  const below = size - (fraction === IMPLICIT_BIT ? halfGap / 2 : halfGap);
  return below < short && short < size + halfGap ? short : undefined;
}

function exactly(size: number): number {
  const { fraction, exponent } = partsOf(size);
  // The number and the midpoints to its neighbours, in quarters of its last bit. Below a power of two the neighbour is
  // nearer.
  const below = fraction === IMPLICIT_BIT && size > LEAST_NORMAL ? 1n : 2n;
  const number = 4n * BigInt(fraction);
  const quarters = exponent - 2;
  const places = Math.max(0, -quarters);
  const scale = quarters < 0 ? 5n ** BigInt(places) : 2n ** BigInt(quarters);
  const low = (number - below) * scale;
  const high = (number + 2n) * scale - 1n;

  let removed = (high - low).toString().length - 1;
  while (high / 10n ** BigInt(removed + 1) > low / 10n ** BigInt(removed + 1)) removed += 1;
  const unit = 10n ** BigInt(removed);
  const nearest = roundedToEven(number * scale, unit);
  const least = low / unit + 1n;
  return Number(`${nearest < least ? least : nearest}e${removed - places}`);
}

function roundedToEven(number: bigint, unit: bigint): bigint {
  const whole = number / unit;
  const twice = 2n * (number % unit);
  const isUp = twice > unit || (twice === unit && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}

/** The number is `fraction * 2 ** exponent`. */
function partsOf(size: number): { fraction: number; exponent: number } {
  single[0] = size;
  const stored = bits[0]! >>> FRACTION_BITS;
  const fraction = bits[0]! & (IMPLICIT_BIT - 1);
  if (stored === 0) return { fraction, exponent: LEAST_EXPONENT };
  return { fraction: fraction + IMPLICIT_BIT, exponent: LEAST_EXPONENT + stored - 1 };
}
