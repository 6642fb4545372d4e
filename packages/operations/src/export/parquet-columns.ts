import type { RecordedEvent } from '@leftfold/core';
import type { BasicType, SchemaElement } from 'hyparquet-writer';

interface Column {
  readonly name: string;
  readonly type: BasicType & SchemaElement['type'];
  /** How the stored value is to be read. */
  readonly as?: SchemaElement['converted_type'];
  readonly of: (event: RecordedEvent) => string | number | bigint | Date;
}

/** Columns of an event in a Parquet file. `data` and `metadata` are the stored texts, byte for byte. */
export const COLUMNS: readonly Column[] = [
  { name: 'position', type: 'INT64', of: ({ position }) => BigInt(position) },
  { name: 'recorded_at', type: 'INT64', as: 'TIMESTAMP_MILLIS', of: ({ recordedAt }) => recordedAt },
  { name: 'stream', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ stream }) => stream },
  { name: 'category', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ category }) => category },
  { name: 'version', type: 'INT64', of: ({ version }) => BigInt(version) },
  { name: 'event_id', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ eventId }) => eventId },
  { name: 'type', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ type }) => type },
  { name: 'schema_version', type: 'INT32', of: ({ schemaVersion }) => schemaVersion },
  { name: 'actor', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ actor }) => actor },
  { name: 'correlation_id', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ correlationId }) => correlationId },
  { name: 'data', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ dataText }) => dataText },
  { name: 'metadata', type: 'BYTE_ARRAY', as: 'UTF8', of: ({ metadataText }) => metadataText },
];

/** No value is ever absent. */
export const SCHEMA: SchemaElement[] = [
  { name: 'event', num_children: COLUMNS.length },
  ...COLUMNS.map(({ name, type, as }): SchemaElement => ({
    name,
    type,
    repetition_type: 'REQUIRED',
    ...(as && { converted_type: as }),
  })),
];
