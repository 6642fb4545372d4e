/**
 * How one column type stores values. The stored form is what the driver returns, so storing it again changes nothing:
 * `normalize(normalize(x))` equals `normalize(x)`, and a round trip through the database returns the same. Stored forms
 * are never changed in place.
 */
export interface StoredType {
  /**
   * The stored form of a value as TypeORM passes it to the driver; never called with null.
   * @throws ValueRefusedError
   */
  normalize(value: unknown): unknown;
  /**
   * What to pass to `normalize` for the value of a property, in place of TypeORM's conversion, which would turn a value that
   * can't be stored into another one. Never called with null.
   */
  fromProperty?(value: unknown): unknown;
  /** The stored form of a value that the driver read; `normalize` when left out. */
  fromDriver?(value: unknown): unknown;
  /**
   * The value that the driver would read for a stored form, as a copy that the caller may change; the stored form
   * itself when left out.
   */
  toDriver?(stored: unknown): unknown;
  /** The statement parameter for a stored form; the stored form itself when left out. */
  toParameter?(stored: unknown): unknown;
  /**
   * Equal for two stored forms exactly when the database considers them the same key. A type without it can't be part
   * of a primary key.
   */
  keyText?(stored: unknown): string;
  /** Two differently written keys may be equal: `ABC` and `abc`, `1.0` and `1.00`. */
  readonly foldsKeys?: boolean;
}

/** A column can't store the value. The message completes "a value that ...". */
export class ValueRefusedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'ValueRefusedError';
  }
}

/** A short form of a value for an error message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value.toString();
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
