/**
 * Adds the hash of every new migration to test/migrations/recorded.json. What is recorded stays as it is.
 * Run it with `npm run migrations:record` after you added a migration.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashedMigrations } from './sent-sql.mjs';

const repository = join(import.meta.dirname, '..', '..');
const file = join(repository, 'test', 'migrations', 'recorded.json');
/** @type {Record<string, import('./sent-sql.mjs').Hashes>} */
const recorded = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const { name, hashes } of await hashedMigrations(repository)) {
  if (recorded[name]) continue;
  recorded[name] = hashes;
  added += 1;
  console.log(`Recorded ${name}.`);
}
const sorted = Object.fromEntries(Object.entries(recorded).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
if (added === 0) console.log('Every migration is recorded already.');
