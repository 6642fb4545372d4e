import { booleanType, doubleType, integerType } from './number-types.js';
import type { StoredType } from './stored-type.js';
import { bytesType, jsonTextType } from './structured-types.js';
import { foldAsciiCase, foldTrailingBlanks, textType, type UnstorableText } from './text-types.js';
import { dayType, timeOfDayType, utcTextType } from './time-types.js';
import type { ColumnMetadata } from '../row.js';

/** The types to choose from, for messages. The lists below also accept their synonyms. */
export const SUPPORTED_TYPES = 'text, integer, real, boolean, datetime, date, time, json or blob';

type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';
type Kind = 'text' | 'integer' | 'number' | 'boolean' | 'moment' | 'day' | 'time' | 'json' | 'bytes';

/** How TypeORM treats a property's type on SQLite. */
const KINDS: Readonly<Record<string, Kind>> = {
  ...of('text', 'text character varchar nchar nvarchar clob simple-array simple-json simple-enum', 'varying character'),
  ...of('text', 'native character'),
  ...of('integer', 'int integer tinyint smallint mediumint bigint int2 int8', 'unsigned big int'),
  ...of('number', 'real double float numeric decimal', 'double precision'),
  ...of('boolean', 'boolean'),
  ...of('moment', 'datetime'),
  ...of('day', 'date'),
  ...of('time', 'time'),
  ...of('json', 'json'),
  ...of('bytes', 'blob'),
};
/** Column affinities that store each kind unchanged. */
const KEPT_BY: Readonly<Record<Kind, readonly Affinity[]>> = {
  text: ['text', 'blob'],
  integer: ['integer', 'numeric', 'blob'],
  number: ['real', 'numeric', 'integer', 'blob'],
  boolean: ['integer', 'numeric', 'blob'],
  moment: ['text', 'numeric', 'blob'],
  day: ['text', 'numeric', 'blob'],
  time: ['text', 'numeric', 'blob'],
  json: ['text', 'numeric', 'blob'],
  bytes: ['blob', 'text', 'numeric', 'integer', 'real'],
};
const STORED: Readonly<Record<Exclude<Kind, 'text'>, StoredType>> = {
  integer: integerType(),
  number: doubleType,
  boolean: booleanType(0, 1),
  moment: utcTextType,
  day: dayType(false),
  time: timeOfDayType(6),
  json: jsonTextType(false),
  bytes: bytesType,
};
const FOLDS: Readonly<Record<string, (text: string) => string>> = {
  NOCASE: foldAsciiCase,
  RTRIM: foldTrailingBlanks,
};

/**
 * How a SQLite column stores the values of a property. Undefined if the kernel does not support the type, or if the
 * column's declared type would change values: a column declared `decimal` turns the text `007` into 7.
 */
export function sqliteType(
  property: ColumnMetadata,
  declared: string,
  collation: string,
  unstorable: UnstorableText,
): StoredType | undefined {
  const kind = KINDS[typeNameOf(property)];
  if (!kind || !KEPT_BY[kind].includes(affinityOf(declared))) return undefined;
  return kind === 'text' ? collatedText(property, collation.toUpperCase(), unstorable) : STORED[kind];
}

function collatedText({ length }: ColumnMetadata, collation: string, unstorable: UnstorableText): StoredType {
  const limit = Number(length) || undefined;
  const fold = FOLDS[collation];
  const isKey = fold !== undefined || collation === 'BINARY';
  return textType({ unstorable, isKey, ...(fold ? { fold } : {}), ...(limit ? { limit } : {}) });
}

/** https://sqlite.org/datatype3.html#determination_of_column_affinity */
function affinityOf(declared: string): Affinity {
  const type = declared.toUpperCase();
  if (type.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text';
  if (type === '' || type.includes('BLOB')) return 'blob';
  return /REAL|FLOA|DOUB/.test(type) ? 'real' : 'numeric';
}

function typeNameOf({ type }: ColumnMetadata): string {
  if (typeof type !== 'function') return type;
  return { String: 'varchar', Number: 'integer', Boolean: 'boolean', Date: 'datetime' }[type.name] ?? type.name;
}

function of(kind: Kind, names: string, ...more: string[]): Record<string, Kind> {
  return Object.fromEntries([...names.split(' '), ...more].map((name) => [name, kind]));
}
