/**
 * Adds the shape of every new event, and of every new version of one, to test/stored-events/schemas.json, an example of it to
 * stored-events.ndjson: the event that a fixture of its feature makes, and the tags of the stored events to tags.json. What
 * is recorded stays as it is.
 * Run it with `npm run events:record` after you added an event or its tags, or raised one of their versions.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredEvents, eventFiles } from './event-schemas.mjs';
import { addTags, fixtureTags } from './fixture-tags.mjs';
import { fixturesIn, missingIn } from './fixtures.mjs';

const repository = join(import.meta.dirname, '..', '..');
const sources = join(repository, 'src');
const folder = join(repository, 'test', 'stored-events');
const [shapes, examples] = [join(folder, 'schemas.json'), join(folder, 'stored-events.ndjson')];
/** @type {Record<string, Record<string, object>>} */
const recorded = JSON.parse(readFileSync(shapes, 'utf8'));
const stored = readFileSync(examples, 'utf8');
const known = new Set(
  stored
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
);

const fixtures = await fixturesIn(sources);
const said = [];
const added = [];
const files = eventFiles(sources);
for (const { type, version, schema } of declaredEvents(files)) {
  const versions = (recorded[type] ??= {});
  const isNew = !versions[version];
  versions[version] ??= schema;
  if (!isNew && known.has(`${type} ${version}`)) continue;
  const made = fixtures.filter((each) => each.type === type && each.schemaVersion === version);
  const whole = made.find(({ data }) => missingIn(schema, data).length === 0);
  const what = `${isNew ? 'Recorded ' : ''}${type}, version ${version}`;
  if (whole) {
    added.push(JSON.stringify({ type, schemaVersion: version, data: whole.data }));
    said.push(`${what}, with ${whole.name} as its stored event.`);
  } else {
    const why = made.map(({ name, data }) => ` ${name} lacks ${missingIn(schema, data).join(', ')}.`).join('');
    said.push(
      `${what}. Add a stored event of it to test/stored-events/stored-events.ndjson: no fixture makes one.${why}`,
    );
  }
}

/** @param {string} path @param {Record<string, object>} content */
const write = (path, content) => {
  const sorted = Object.fromEntries(Object.entries(content).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(sorted, null, 2)}\n`);
};
write(shapes, recorded);
if (added.length > 0) {
  appendFileSync(examples, `${stored === '' || stored.endsWith('\n') ? '' : '\n'}${added.join('\n')}\n`);
}

const tagsFile = join(folder, 'tags.json');
const tags = JSON.parse(readFileSync(tagsFile, 'utf8'));
const lines = readFileSync(examples, 'utf8').split('\n');
const classes = (await Promise.all(files.map((each) => import(each)))).flatMap((module) => Object.values(module));
const today = fixtureTags(
  classes,
  lines.filter(Boolean).map((line) => JSON.parse(line)),
);
for (const each of addTags(tags, today)) {
  said.push(`Recorded the tags of ${each}. If events of it are stored already, run \`leftfold tags rebuild\` there.`);
}
write(tagsFile, tags);
console.log(said.length > 0 ? said.join('\n') : 'Every event is recorded already.');
