// Records what `nest upgrade` must know of the layout before the packages: node tools/upgrade/record.mjs <commit>
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const RECORD = join(REPOSITORY, 'packages', 'schematics', 'upgrade', 'before-packages');
/** @type {{ gone: string[], moved: Record<string, Record<string, string>>, written: Record<string, string> }} */
const { gone: GONE, moved: MOVED, written: WRITTEN } = JSON.parse(readFileSync(join(RECORD, 'layout.json'), 'utf8'));
const [commit] = process.argv.slice(2);
if (!commit) throw new Error('Name the last commit of the layout: node tools/upgrade/record.mjs <commit>');

const paths = git('ls-tree', '-r', '--name-only', '-z', commit).split('\0').filter(Boolean);
const sources = new Map(
  paths
    .filter((path) => /\.(?:ts|mjs|js)$/.test(path))
    .map((path) => [path, sourceOf(path, git('show', `${commit}:${path}`))]),
);
const doors = doorsOfToday();
const gone = new Set(
  paths.filter((path) => GONE.some((each) => (each.endsWith('/') ? path.startsWith(each) : path === each))),
);
const exported = exportsOfGone();
alsoWhatNeedsThem();

const released = [...gone, ...paths.filter((path) => path in WRITTEN)];
writeFileSync(
  join(RECORD, 'released.txt'),
  released
    .toSorted()
    .map((path) => `${hashOf(path)} ${path}\n`)
    .join(''),
);
writeFileSync(join(RECORD, 'exports.json'), `${JSON.stringify(exported, null, 2)}\n`);
console.log(
  `${gone.size} of ${paths.length} files are gone; ${Object.keys(exported).length} of them export what a package exports.`,
);

/** What each package exports, by its name for imports. @returns {Map<string, Set<string>>} */
function doorsOfToday() {
  const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  /** @type {[string, [string]][]} */
  const entries = Object.entries(config.compilerOptions.paths);
  return new Map(
    entries.map(([door, [file]]) => [
      door,
      new Set(exportsIn(sourceOf(file, readFileSync(join(REPOSITORY, file), 'utf8')))),
    ]),
  );
}

/** Where names of the files that are gone are today. */
function exportsOfGone() {
  /** @type {Record<string, Record<string, string>>} */
  const found = {};
  for (const path of [...gone].toSorted()) {
    const source = sources.get(path);
    if (!source || !path.startsWith('src/')) continue;
    const names = exportsIn(source).map((name) => [name, MOVED[path]?.[name] ?? doorOf(name, path)]);
    const known = names.filter(([, door]) => door !== undefined);
    if (known.length > 0) found[path] = Object.fromEntries(known);
  }
  return found;
}

/** @param {string} name @param {string} path */
function doorOf(name, path) {
  const having = [...doors].filter(([, names]) => names.has(name)).map(([door]) => door);
  if (having.length < 2) return having[0];
  const near = path.startsWith('src/platform/cli/') ? '@leftfold/operations/cli' : '@leftfold/http';
  return having.find((door) => door === near) ?? having[0];
}

/** Tests and tools that need what no package exports are about the inside of the kernel, and so are those that need them. */
function alsoWhatNeedsThem() {
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const [path, source] of sources) {
      if (gone.has(path) || path.startsWith('src/')) continue;
      const missing = importsIn(source, path).filter(({ from, name }) => gone.has(from) && !exported[from]?.[name]);
      if (missing.length === 0) continue;
      gone.add(path);
      console.log(`${path}: ${missing.map(({ from, name }) => `${name} of ${from}`).join(', ')}`);
    }
  }
}

/** @param {ts.SourceFile} source @param {string} path */
function importsIn(source, path) {
  return source.statements.flatMap((each) => {
    if (!ts.isImportDeclaration(each) && !ts.isExportDeclaration(each)) return [];
    const { moduleSpecifier } = each;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier) || !moduleSpecifier.text.startsWith('.')) return [];
    const bindings = ts.isImportDeclaration(each) ? each.importClause?.namedBindings : each.exportClause;
    const target = posix.join(posix.dirname(path), moduleSpecifier.text);
    const from = sources.has(target) ? target : target.replace(/\.js$/, '.ts');
    const names =
      bindings && 'elements' in bindings ? bindings.elements.map((one) => (one.propertyName ?? one.name).text) : ['*'];
    return names.map((name) => ({ from, name }));
  });
}

/** @param {ts.SourceFile} source @returns {string[]} */
function exportsIn(source) {
  return source.statements.flatMap((each) => {
    if (ts.isExportDeclaration(each)) {
      return each.exportClause && ts.isNamedExports(each.exportClause)
        ? each.exportClause.elements.map(({ name }) => name.text)
        : [];
    }
    if (!ts.canHaveModifiers(each) || !ts.getModifiers(each)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      return [];
    if (ts.isVariableStatement(each)) return each.declarationList.declarations.map(({ name }) => name.getText(source));
    return 'name' in each && each.name ? [/** @type {ts.Identifier} */ (each.name).text] : [];
  });
}

/** @param {string} path @param {string} text */
function sourceOf(path, text) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** @param {string} path */
function hashOf(path) {
  return createHash('sha256')
    .update(git('show', `${commit}:${path}`))
    .digest('hex')
    .slice(0, 16);
}

/** @param {readonly string[]} args */
function git(...args) {
  return execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
