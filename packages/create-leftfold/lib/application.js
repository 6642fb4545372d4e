import { forDatabase, named } from './manifest.js';
import { ownVersion, readPart } from './parts.js';

/** The application's name in this package. */
const PLACEHOLDER = 'my-shop';
/** The folders that belong to each example; the rest of the template is shared. */
const OF_THE_EXAMPLE = /^(?:src|test)\/|^(?:README\.md|package\.json|\.env\.example|jest\.e2e\.config\.mjs)$/;
const SQLITE_LINE = /^#DATABASE_URL=sqlite:.*$/m;

/**
 * @typedef {object} Wishes
 * @property {string} name
 * @property {'sqlite' | 'postgres'} database
 * @property {'tasks' | 'shop'} example
 */

/**
 * The files of a new application.
 *
 * @param {Wishes} wishes
 * @returns {Promise<Map<string, string>>} texts by path
 */
export async function filesOf({ name, database, example }) {
  const files = await (example === 'shop' ? shop(database) : tasks(database));
  for (const [path, text] of files) files.set(path, text.replaceAll(PLACEHOLDER, name));
  const manifest = named(JSON.parse(files.get('package.json') ?? ''), name, await ownVersion());
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return files;
}

/** @param {'sqlite' | 'postgres'} database */
async function tasks(database) {
  const files = new Map([
    ...(await readPart('template')),
    ...(database === 'postgres' ? await readPart('postgres') : []),
  ]);
  change(files, 'package.json', (text) => JSON.stringify(forDatabase(JSON.parse(text), database)));
  change(files, 'README.md', (text) => onlyFor(database, text));
  return files;
}

/** @param {'sqlite' | 'postgres'} database */
async function shop(database) {
  const base = [...(await readPart('template'))].filter(([path]) => !OF_THE_EXAMPLE.test(path));
  const files = new Map([...base, ...(await readPart('dist/shop')), ...(await readPart('shop'))]);
  change(files, 'README.md', (text) => onlyFor(database, text));
  if (database === 'postgres') {
    const url = `DATABASE_URL=postgres://postgres:postgres@127.0.0.1:5432/${PLACEHOLDER}`;
    change(files, '.env.example', (text) => text.replace(SQLITE_LINE, url));
  }
  return files;
}

/**
 * Keeps the paragraphs for one database and removes those for the other.
 *
 * @param {'sqlite' | 'postgres'} database
 * @param {string} text with `<!-- sqlite -->` and `<!-- /sqlite -->` around each, on lines of their own
 */
export function onlyFor(database, text) {
  const other = database === 'sqlite' ? 'postgres' : 'sqlite';
  return text
    .replaceAll(new RegExp(`^<!-- ${other} -->\n[^]*?^<!-- /${other} -->\n+`, 'gm'), '')
    .replaceAll(new RegExp(`^<!-- /?${database} -->\n+`, 'gm'), '');
}

/**
 * @param {Map<string, string>} files
 * @param {string} path
 * @param {(text: string) => string} how
 */
function change(files, path, how) {
  const before = files.get(path);
  if (before === undefined) throw new Error(`This package has no ${path}. Install it again.`);
  const after = how(before);
  files.set(path, after);
}
