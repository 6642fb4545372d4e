import type { EntitySchema, MigrationInterface } from 'typeorm';

/** An entity of TypeORM. */
export type EntityClass = Function | EntitySchema;
/** A migration of TypeORM. */
export type MigrationClass = new () => MigrationInterface;

/** The tables of a database, and the migrations that create them. */
export interface Schema {
  readonly entities: readonly EntityClass[];
  readonly migrations: readonly MigrationClass[];
}
