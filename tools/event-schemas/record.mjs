/**
 * Adds the shape of every new event, and of every new version of one, to test/stored-events/schemas.json. What is recorded stays as it is.
 * Run it with `npm run events:record` after you added an event or raised a version.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredEvents, eventFiles } from './event-schemas.mjs';

const repository = join(import.meta.dirname, '..', '..');
const file = join(repository, 'test', 'stored-events', 'schemas.json');
/** @type {Record<string, Record<string, object>>} */
const recorded = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const { type, version, schema } of declaredEvents(eventFiles(join(repository, 'src')))) {
  const versions = (recorded[type] ??= {});
  if (versions[version]) continue;
  versions[version] = schema;
  added += 1;
  console.log(
    `Recorded ${type}, version ${version}. Add a stored event of it to test/stored-events/stored-events.ndjson.`,
  );
}
const sorted = Object.fromEntries(Object.entries(recorded).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
if (added === 0) console.log('Every event is recorded already.');
