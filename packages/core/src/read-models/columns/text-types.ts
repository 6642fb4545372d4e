import { shown, type StoredType, ValueRefusedError } from './stored-type.js';

/** How to treat text that a database can't hold: NUL, and half of a surrogate pair. */
export type UnstorableText = 'replace' | 'refuse';

interface TextOptions {
  readonly unstorable: UnstorableText;
  /** In code points. */
  readonly limit?: number;
  /** Pads with blanks up to the limit, as `char(n)` does. */
  readonly padded?: boolean;
  /** Maps two texts to the same result exactly when the database considers them equal. */
  readonly fold?: (text: string) => string;
  readonly isKey?: boolean;
}

/** Text of any length, or of up to `limit` code points. */
export function textType({ unstorable, limit, padded, fold, isKey = true }: TextOptions): StoredType {
  return {
    normalize(value) {
      const text = storableText(textOf(value), unstorable);
      return limit === undefined ? text : fit(text, limit, padded);
    },
    ...(isKey ? { keyText: (stored) => (fold ? fold(stored as string) : (stored as string)) } : {}),
    ...(fold ? { foldsKeys: true } : {}),
  };
}

/** Folds as SQLite's collation NOCASE does: ASCII only. */
export function foldAsciiCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Folds as SQLite's collation RTRIM does. */
export function foldTrailingBlanks(text: string): string {
  return text.replace(/ +$/, '');
}

/** A UUID in any spelling that PostgreSQL accepts, converted to the one that it returns. */
export const uuidType: StoredType = {
  normalize(value) {
    const digits = typeof value === 'string' ? value.replaceAll(/[-{}]/g, '').toLowerCase() : '';
    if (!/^[0-9a-f]{32}$/.test(digits)) throw new ValueRefusedError(`is no UUID: ${shown(value)}`);
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
  keyText: (stored) => stored as string,
};

/** Replaces what a database can't hold by U+FFFD. @throws ValueRefusedError when that is refused */
export function storableText(text: string, unstorable: UnstorableText): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  if (unstorable === 'refuse') throw new ValueRefusedError('has a NUL or half of a surrogate pair in it');
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw new ValueRefusedError(`is no text: ${shown(value)}`);
}

function fit(text: string, limit: number, padded = false): string {
  if (text.length <= limit && !padded) return text;
  const points = Array.from(text);
  if (points.length > limit) {
    // By the SQL standard, excess blanks are cut off without an error.
    if (points.slice(limit).some((point) => point !== ' ')) {
      throw new ValueRefusedError(`has more than ${limit} characters: ${shown(text)}`);
    }
    return points.slice(0, limit).join('');
  }
  return padded ? text + ' '.repeat(limit - points.length) : text;
}
