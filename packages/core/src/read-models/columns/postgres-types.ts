import { decimalType } from './decimal-type.js';
import { bigIntegerType, booleanType, doubleType, floatType, integerType } from './number-types.js';
import type { StoredType } from './stored-type.js';
import { arrayType, bytesType, jsonbType, jsonTextType } from './structured-types.js';
import { textType, type UnstorableText, uuidType } from './text-types.js';
import { dayType, momentType, timeOfDayType, wallClockType } from './time-types.js';

/** A column as described by the catalogue. */
export interface PostgresColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  /** Type of an array's elements. */
  readonly element: string | null;
  /** Length, or precision and scale, as `atttypmod` has them; -1 without. */
  readonly modifier: number;
  readonly shown: string;
  /** False when two different texts can compare as equal. */
  readonly deterministic: boolean;
  readonly nullable: boolean;
  readonly computed: boolean;
  readonly default: string | null;
}

/** PostgreSQL adds this to a length before it stores it as a modifier. */
const HEADER = 4;
const MOST_PRECISE = 6;
/** Element types that the driver reads exactly. */
const ELEMENTS = new Set(['text', 'varchar', 'uuid', 'int2', 'int4', 'int8', 'bool', 'float8']);

/** Number of fractional digits of a second; the default when the column declares none. */
const precisionOf = (modifier: number): number => (modifier < 0 ? MOST_PRECISE : modifier);

/** The types to choose from, for messages. */
export const SUPPORTED_TYPES =
  'text, varchar, uuid, smallint, integer, bigint, numeric, real, double precision, boolean, timestamptz, timestamp, date, time, ' +
  'json, jsonb, bytea, an enum, or an array of simple values';

type Make = (column: PostgresColumn, unstorable: UnstorableText) => StoredType | undefined;

const TYPES: Readonly<Record<string, Make>> = {
  text: ({ deterministic: isKey }, unstorable) => textType({ unstorable, isKey }),
  citext: (_, unstorable) => textType({ unstorable, isKey: false }),
  varchar: ({ modifier, deterministic: isKey }, unstorable) =>
    textType({ unstorable, isKey, ...(modifier < 0 ? {} : { limit: modifier - HEADER }) }),
  bpchar: ({ modifier, deterministic: isKey }, unstorable) =>
    modifier < 0 ? undefined : textType({ unstorable, isKey, limit: modifier - HEADER, padded: true }),
  uuid: () => uuidType,
  int2: () => integerType(-(2 ** 15), 2 ** 15 - 1),
  int4: () => integerType(-(2 ** 31), 2 ** 31 - 1),
  int8: () => bigIntegerType,
  numeric: ({ modifier }) => (modifier < 0 ? decimalType() : decimalOf(modifier - HEADER)),
  float4: () => floatType,
  float8: () => doubleType,
  bool: () => booleanType(false, true),
  timestamptz: ({ modifier }) => momentType(precisionOf(modifier)),
  timestamp: ({ modifier }) => wallClockType(precisionOf(modifier)),
  date: () => dayType(true),
  time: ({ modifier }) => timeOfDayType(precisionOf(modifier)),
  json: () => jsonTextType(true),
  jsonb: (_, unstorable) => jsonbType(unstorable),
  bytea: () => bytesType,
};

/** The scale is an eleven-bit signed number. A negative scale, which rounds before the point, is not supported. */
function decimalOf(modifier: number): StoredType | undefined {
  const scale = ((modifier & 0x7ff) ^ 0x400) - 0x400;
  return scale < 0 ? undefined : decimalType(modifier >> 16, scale);
}

/** How a PostgreSQL column stores values; undefined if the kernel does not support its type. */
export function postgresType(column: PostgresColumn, unstorable: UnstorableText): StoredType | undefined {
  if (column.element !== null) {
    if (!ELEMENTS.has(column.element)) return undefined;
    const element = TYPES[column.element]!(column, unstorable);
    return element && arrayType(element);
  }
  return column.kind === 'e' ? textType({ unstorable }) : TYPES[column.type]?.(column, unstorable);
}
