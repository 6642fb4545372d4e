// Runs at `npm pack` and `npm publish`: copies the repository's application into this package, as shop.json says.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

const PACKAGE = import.meta.dirname;
const REPOSITORY = join(PACKAGE, '..', '..');
const TARGET = join(PACKAGE, 'dist', 'shop');
/** Links to files that are not copied. Their text stays. */
const LINK_TO_DOCS = /\[([^\]]*)\]\((?:\.\.\/)+(?:docs|test|tools)\/[^)]*\)/g;

const list = await readJson(join(PACKAGE, 'shop.json'));
const paths = (await sources(list.files)).filter(
  (path) => !list.leaveOut.some((/** @type {string} */ each) => new RegExp(each).test(path)),
);
if (paths.length === 0)
  throw new Error(`${REPOSITORY} has none of ${list.files.join(', ')}. Pack in a clone of the repository.`);

await rm(TARGET, { recursive: true, force: true });
for (const path of paths) await write(path, await readFile(join(REPOSITORY, path), 'utf8'));
await write('package.json', JSON.stringify(await manifest(), null, 2));

/**
 * The files that Git tracks; without Git, all files that exist.
 *
 * @param {string[]} roots
 */
async function sources(roots) {
  if (existsSync(join(REPOSITORY, '.git'))) {
    const listed = execFileSync('git', ['ls-files', '-z', '--', ...roots], { cwd: REPOSITORY, encoding: 'utf8' });
    // Git still lists a deleted file until the deletion is committed.
    return listed.split('\0').filter((path) => path !== '' && existsSync(join(REPOSITORY, path)));
  }
  return (await Promise.all(roots.map((root) => filesBelow(root)))).flat();
}

/** @param {string} root */
async function filesBelow(root) {
  const path = join(REPOSITORY, root);
  if (!existsSync(path)) throw new Error(`There is no ${path}. Pack in a clone of the repository.`);
  if ((await stat(path)).isFile()) return [root];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(REPOSITORY.length + 1)
        .split(sep)
        .join('/'),
    );
}

/**
 * @param {string} path
 * @param {string} text
 */
async function write(path, text) {
  const file = join(TARGET, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, path.endsWith('.md') ? text.replaceAll(LINK_TO_DOCS, '$1') : text);
}

/** Sets the repository's version ranges and the template's scripts. */
async function manifest() {
  const [ours, template] = await Promise.all([
    readJson(join(REPOSITORY, 'package.json')),
    readJson(join(PACKAGE, 'template', 'package.json')),
  ]);
  return {
    ...template,
    bin: ours.bin,
    scripts: withoutEndToEndTests(template.scripts),
    allowScripts: only(list.allowScripts, ours.allowScripts),
    dependencies: ours.dependencies,
    devDependencies: {
      '@leftfold/schematics': template.devDependencies['@leftfold/schematics'],
      ...only(list.devDependencies, ours.devDependencies),
    },
    overrides: ours.overrides,
  };
}

/** @param {Record<string, string>} scripts */
function withoutEndToEndTests({ 'test:e2e': _script, ...scripts }) {
  return scripts;
}

/**
 * @param {readonly string[]} names
 * @param {Record<string, unknown>} all
 */
function only(names, all) {
  const missing = names.filter((name) => !(name in all));
  if (missing.length > 0) throw new Error(`package.json has no ${missing.join(', ')}, which shop.json lists.`);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/** @param {string} file */
async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'));
}
