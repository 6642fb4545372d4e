import type { ObjectLiteral } from 'typeorm';

/** The entity of a read model: a class of TypeORM that is made without arguments. */
export type RowClass<T extends ObjectLiteral = ObjectLiteral> = new () => T;
/** The primary key: its value, or an object with the values of all its columns. */
export type RowKey = string | number | Readonly<Record<string, string | number>>;
