import type { EntityMetadata, ObjectLiteral } from 'typeorm';

/** The entity of a read model: a TypeORM class whose constructor takes no arguments. */
export type RowClass<T extends ObjectLiteral = ObjectLiteral> = new () => T;
/** A part of a primary key, in the form of the entity's property. */
export type KeyPart = string | number | bigint | boolean | Date | Uint8Array;
/** The primary key: its value, or an object with the properties of all its columns, embedded ones included. */
export type RowKey = KeyPart | Readonly<Record<string, unknown>>;

/** TypeORM's metadata of a column. */
export type ColumnMetadata = EntityMetadata['columns'][number];
