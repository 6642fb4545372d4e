import { SetupError } from '../errors.js';
import { type DatabaseTarget, fileOf } from './database-url.js';
import { DEFAULT_PREFIX } from './namespace.js';

/** The kernel's longest name has 30 characters without its prefix, and PostgreSQL truncates names after 63. */
const PREFIX = /^(?:[a-z_][a-z0-9_]{0,20})?$/;
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/;
/** Prefixes reserved by the databases, and the prefix of shadow tables during a rebuild. */
const RESERVED = /^(?:sqlite_|pg_|rebuild_)/;

/** @throws SetupError when the prefix can't be part of a table name */
export function checkPrefix(prefix: string | undefined): string | undefined {
  if (prefix === undefined) return undefined;
  if (!PREFIX.test(prefix)) {
    throw new SetupError(
      `The option "tablePrefix" of EventSourcingModule is ${JSON.stringify(prefix)}. Give up to 21 small letters, digits and ` +
        `underscores, the first of them no digit, or '' for none.`,
    );
  }
  if (RESERVED.test(prefix)) {
    throw new SetupError(
      `The option "tablePrefix" of EventSourcingModule is "${prefix}". Names that begin with sqlite_, pg_ or rebuild_ have another ` +
        'use: choose another prefix.',
    );
  }
  // The default prefix marks table names in SQL. A prefix that extends it would be inserted twice.
  if (prefix !== DEFAULT_PREFIX && prefix.startsWith(DEFAULT_PREFIX)) {
    throw new SetupError(
      `The option "tablePrefix" of EventSourcingModule is "${prefix}". Only the default, "${DEFAULT_PREFIX}", may begin like that: choose ` +
        'a prefix that begins with the name of your application.',
    );
  }
  return prefix;
}

/** @throws SetupError when the name can't be a schema, or the database is not PostgreSQL */
export function checkSchema(schema: string | undefined, targets: readonly DatabaseTarget[]): string | undefined {
  if (schema === undefined) return undefined;
  if (!SCHEMA.test(schema) || schema.startsWith('pg_')) {
    throw new SetupError(
      `The option "schema" of EventSourcingModule is ${JSON.stringify(schema)}. Give up to 63 small letters, digits and underscores, ` +
        'the first of them no digit; names that begin with pg_ belong to PostgreSQL.',
    );
  }
  if (targets.every((target) => fileOf(target) !== undefined)) {
    throw new SetupError(
      'The option "schema" of EventSourcingModule is for PostgreSQL. On SQLite leave it out: give each application a file of its ' +
        'own, or a "tablePrefix".',
    );
  }
  return schema;
}
