import { Buffer } from 'node:buffer';
import type { ColumnOptions, ValueTransformer } from 'typeorm';
import type { DatabaseKind } from '../support/databases.js';

/** A kind of column: how it is declared, and its values as an entity's property has them. */
export interface ColumnKind {
  readonly name: string;
  readonly options: ColumnOptions;
  /** The column's type in the migration. */
  readonly ddl: string;
  readonly values: readonly unknown[];
  /** Several equivalent spellings of each key; none if the kind can't be a key. */
  readonly keys?: readonly (readonly unknown[])[];
  /** The spelling by which TypeORM finds a row, if it does not find it by every spelling. */
  readonly foundBy?: (key: unknown) => unknown;
}

const TEXTS = ['', 'a', 'A', 'a ', 'ä', '雪🙂', "it's ? $1", 'null', '007', '1e5', 'x'.repeat(300)];
const MOMENTS = [
  '2024-02-29T12:34:56.789Z',
  '1999-12-31T23:59:59.999Z',
  '2024-02-29T12:34:56.788Z',
  '0999-01-01T00:00:00.000Z',
];
/**
 * TypeORM writes moments with the zone of the process, and drops the seconds of offsets, which zones had until about
 * 1900.
 */
const WRITTEN_EXACTLY = MOMENTS.filter((moment) => moment > '1970');
const DAYS = ['2024-02-29', '1999-12-31', '0999-01-01'];
const JSONS = [{ b: 1, a: [1, 'x', null], ccc: { z: 1, y: -0 } }, [], 'text', 5, false, { aa: 1, b: '\\u0000' }];
const BYTES = [Buffer.from([0, 255, 1]), Buffer.alloc(0), Buffer.from('text')];
const toDate = (moment: string): Date => new Date(moment);
const asDates = MOMENTS.map(toDate);

const cents: ValueTransformer = {
  to: (value: number | null) => (value === null ? null : Math.round(value * 100)),
  from: (value: string | number | null) => (value === null ? null : Number(value) / 100),
};
const epoch: ValueTransformer = {
  to: (value: Date | null) => value && value.getTime(),
  from: (value: string | number | null) => (value === null ? null : new Date(Number(value))),
};
const boxed: ValueTransformer = {
  to: (value: { text: string } | null) => value && value.text,
  from: (value: string | null) => (value === null ? null : { text: value }),
};

const spelled = (values: readonly unknown[]): unknown[][] => values.map((value) => [value]);

const BOTH: readonly ColumnKind[] = [
  { name: 'text', options: { type: 'text' }, ddl: 'text', values: TEXTS, keys: spelled(TEXTS) },
  {
    name: 'short text',
    options: { type: 'varchar', length: 5 },
    ddl: 'varchar(5)',
    values: ['abcde', '🙂🙂🙂🙂🙂', 'ab   ', ''],
    keys: spelled(['a', 'b', '🙂🙂🙂🙂🙂']),
  },
  {
    name: 'integer',
    options: { type: 'int' },
    ddl: 'integer',
    values: [0, 1, -1, 2 ** 31 - 1, '17'],
    keys: [[1, '1'], [2], [-3]],
  },
  {
    name: 'cents in a bigint',
    options: { type: 'bigint', transformer: cents },
    ddl: 'bigint',
    values: [0, 12.34, -1, 1e9],
    keys: spelled([0.5, 12.34, 7]),
  },
  {
    name: 'a moment in a bigint',
    options: { type: 'bigint', transformer: epoch },
    ddl: 'bigint',
    values: asDates,
    keys: spelled(asDates),
  },
  {
    name: 'boxed text',
    options: { type: 'text', transformer: boxed },
    ddl: 'text',
    values: TEXTS.map((text) => ({ text })),
  },
  { name: 'double', options: { type: 'double precision' }, ddl: 'double precision', values: [0.1, -1e300, 0, 5] },
  {
    name: 'truth',
    options: { type: 'boolean' },
    ddl: 'boolean',
    values: [true, false],
    keys: spelled([true, false]),
  },
  { name: 'day', options: { type: 'date' }, ddl: 'date', values: DAYS, keys: spelled(DAYS) },
  { name: 'time of day', options: { type: 'time' }, ddl: 'time', values: ['12:34:56', '00:00:00', '23:59:59.5'] },
  { name: 'json text', options: { type: 'simple-json' }, ddl: 'text', values: JSONS },
  { name: 'list', options: { type: 'simple-array' }, ddl: 'text', values: [['a', 'b'], ['x']] },
  { name: 'json', options: { type: 'json' }, ddl: 'json', values: JSONS.filter((value) => typeof value !== 'string') },
];

const OF_ONE: Readonly<Record<DatabaseKind, readonly ColumnKind[]>> = {
  sqlite: [
    {
      name: 'big integer',
      options: { type: 'bigint' },
      ddl: 'bigint',
      values: [2 ** 53 - 1, -5],
      keys: [[5, '5'], [6]],
    },
    {
      name: 'decimal',
      options: { type: 'decimal' },
      ddl: 'decimal(12,3)',
      values: [1.5, 0, -1e12],
      keys: [[1, '1.0'], [2]],
    },
    {
      name: 'text without case',
      options: { type: 'text' },
      ddl: 'text collate nocase',
      values: TEXTS,
      keys: [['abc', 'ABC', 'aBc'], ['ä'], ['Ä']],
    },
    {
      name: 'text that is trimmed',
      options: { type: 'text' },
      ddl: 'text collate rtrim',
      values: TEXTS,
      keys: [['a', 'a  '], [' a']],
    },
    {
      name: 'moment',
      options: { type: 'datetime' },
      ddl: 'datetime',
      values: [...asDates.slice(0, 3), ...MOMENTS.slice(0, 3)],
      keys: asDates.slice(0, 3).map((date) => [date, date.toISOString()]),
      foundBy: (key) => new Date(key as string),
    },
    { name: 'bytes', options: { type: 'blob' }, ddl: 'blob', values: BYTES },
  ],
  postgres: [
    {
      name: 'big integer',
      options: { type: 'bigint' },
      ddl: 'bigint',
      values: [5, '9007199254740993', '-9223372036854775808'],
      keys: [[5, '5'], ['9007199254740993'], ['9007199254740992']],
    },
    {
      name: 'small integer',
      options: { type: 'smallint' },
      ddl: 'smallint',
      values: [1, -32768],
      keys: [[1, '1'], [2]],
    },
    {
      name: 'decimal',
      options: { type: 'numeric', precision: 12, scale: 3 },
      ddl: 'numeric(12,3)',
      values: ['1.5', 0, -1e8, '0.0005', '-0.0004'],
      keys: [['1', '1.000', 1], ['2.5'], ['2.51']],
    },
    {
      name: 'decimal of any scale',
      options: { type: 'numeric' },
      ddl: 'numeric',
      values: ['1.50', '1e3', '-0', '0.00000000000000000001'],
      keys: [['1', '1.00', '1e0'], ['10'], ['1.0001']],
    },
    { name: 'float', options: { type: 'real' }, ddl: 'real', values: [0.1, 1 / 3, 1e-20, 16777217, 5] },
    {
      name: 'padded text',
      options: { type: 'char', length: 4 },
      ddl: 'char(4)',
      values: ['a', 'abcd', '🙂'],
      keys: [['a', 'a ', 'a   '], ['b'], ['🙂']],
    },
    {
      name: 'uuid',
      options: { type: 'uuid' },
      ddl: 'uuid',
      values: ['0190AB12-0000-7000-8000-00000000000a'],
      keys: ['a', 'b', 'c'].map((end) => {
        const uuid = `0190ab12-0000-7000-8000-00000000000${end}`;
        return [uuid, uuid.toUpperCase(), `{${uuid}}`];
      }),
    },
    ...(['timestamptz', 'timestamp'] as const).map((type) => ({
      name: type,
      options: { type },
      ddl: type,
      values: [...WRITTEN_EXACTLY.map(toDate), ...WRITTEN_EXACTLY],
      keys: WRITTEN_EXACTLY.map(toDate).map((date) => [date, date.toISOString()]),
      // Otherwise it would search for the text as it is, in UTC.
      foundBy: (key: unknown) => new Date(key as string),
    })),
    {
      name: 'json with sorted keys',
      options: { type: 'jsonb' },
      ddl: 'jsonb',
      values: JSONS.filter((value) => typeof value !== 'string'),
    },
    { name: 'bytes', options: { type: 'bytea' }, ddl: 'bytea', values: BYTES, keys: spelled(BYTES) },
    { name: 'texts', options: { type: 'text', array: true }, ddl: 'text[]', values: [['a', 'b,"'], []] },
    { name: 'integers', options: { type: 'int', array: true }, ddl: 'integer[]', values: [[1, 2], []] },
  ],
};

export function columnKinds(kind: DatabaseKind): readonly ColumnKind[] {
  return [...BOTH, ...OF_ONE[kind]];
}
