import type { QueryRunner } from 'typeorm';
import { DatabaseUnusableError } from './database-unusable.error.js';

/** @throws DatabaseUnusableError when this role may not create tables */
export async function refuseReader(runner: QueryRunner, name: 'events' | 'views', pending: number): Promise<void> {
  const [role] = (await runner.query(
    `select current_user as name, quote_ident(current_schema()) as schema, quote_ident(current_user) as quoted,
            has_schema_privilege(current_schema(), 'create') as may`,
  )) as { name: string; quoted: string; schema: string; may: boolean }[];
  if (role!.may) return;
  throw new DatabaseUnusableError(
    name,
    `${pending} migrations are pending, and the role "${role!.name}" may not make tables in the schema ${role!.schema}. ` +
      `Let the owner of the schema run: GRANT CREATE, USAGE ON SCHEMA ${role!.schema} TO ${role!.quoted}; ` +
      'or start this version once with the role that made the tables.',
  );
}
