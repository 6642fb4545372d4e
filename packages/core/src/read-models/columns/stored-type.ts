/**
 * How one type of column stores values. The stored form is what the driver returns for it, so storing it again changes
 * nothing: `normalize(normalize(x))` is `normalize(x)`, and so is what a round trip through the database returns. Stored
 * forms are never changed in place.
 */
export interface StoredType {
  /**
   * The stored form of a value as TypeORM hands it to the driver; never called with null.
   * @throws ValueRefusedError
   */
  normalize(value: unknown): unknown;
  /** The stored form of what the driver read; `normalize` when left out. */
  fromDriver?(value: unknown): unknown;
  /** What the driver reads for a stored form, for the caller to keep and change; the stored form itself when left out. */
  toDriver?(stored: unknown): unknown;
  /** What to hand to the driver for a stored form; the stored form itself when left out. */
  toParameter?(stored: unknown): unknown;
  /**
   * Equal for two stored forms exactly where the database takes them for the same key. A type without it can't be part of
   * a primary key.
   */
  keyText?(stored: unknown): string;
  /** Two keys may be equal and written differently: `ABC` and `abc`, `1.0` and `1.00`. */
  readonly foldsKeys?: boolean;
}

/** A column can't store the value. The message completes "a value that ...". */
export class ValueRefusedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'ValueRefusedError';
  }
}

/** A value for an error message, short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value.toString();
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
