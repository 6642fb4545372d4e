import type { EntityMetadata, ObjectLiteral } from 'typeorm';

/** The entity of a read model: a class of TypeORM that is made without arguments. */
export type RowClass<T extends ObjectLiteral = ObjectLiteral> = new () => T;
/** A part of a primary key, as the entity's property has it. */
export type KeyPart = string | number | bigint | boolean | Date | Uint8Array;
/** The primary key: its value, or an object with the properties of all its columns, embedded ones included. */
export type RowKey = KeyPart | Readonly<Record<string, unknown>>;

/** What TypeORM says of a column. */
export type ColumnMetadata = EntityMetadata['columns'][number];
