import { Refusal } from './refusal.js';

/** @typedef {import('ts-morph').SourceFile} SourceFile */

/**
 * Adds an import in the order of this project: packages first, then from far to near, each alphabetically.
 * @param {SourceFile} source
 * @param {string} name `type X` for a type, `X as Y` for another name in the file
 * @param {string} from
 */
export function importName(source, name, from) {
  const { bare, alias, isTypeOnly } = parts(name);
  const known = source.getImportDeclaration(
    (each) => bareOf(each.getModuleSpecifierValue()) === bareOf(from) && !each.getNamespaceImport(),
  );
  if (!known) {
    refuseOther(source, alias ?? bare);
    const typesOnly = isTypeOnly ? { isTypeOnly } : {};
    source.insertImportDeclaration(placeFor(source, from), {
      namedImports: [{ name: bare, alias }],
      moduleSpecifier: from,
      ...typesOnly,
    });
    return;
  }
  const named = known.getNamedImports();
  if (known.isTypeOnly() && !isTypeOnly) {
    known.setIsTypeOnly(false);
    for (const each of named) each.setIsTypeOnly(true);
  }
  const same = named.find((each) => each.getName() === bare && each.getAliasNode()?.getText() === alias);
  if (same) {
    if (!isTypeOnly) same.setIsTypeOnly(false);
    return;
  }
  const before = named.findIndex((each) => compared(each.getName(), bare) > 0);
  const added = { name: bare, alias, isTypeOnly: isTypeOnly && !known.isTypeOnly() };
  known.insertNamedImport(before < 0 ? named.length : before, added);
}

/** Refuses an import when the file has the same name from elsewhere. @param {SourceFile} source @param {string} name */
function refuseOther(source, name) {
  const other = source
    .getImportDeclarations()
    .find((each) => each.getNamedImports().some((one) => (one.getAliasNode()?.getText() ?? one.getName()) === name));
  if (!other) return;
  const path = source.getFilePath().slice(1);
  throw new Refusal(
    `${path} imports another ${name}, from ${other.getModuleSpecifier().getText()}. Choose another name.`,
  );
}

/** @param {string} name */
function parts(name) {
  const isTypeOnly = name.startsWith('type ');
  const [bare = '', alias] = (isTypeOnly ? name.slice(5) : name).split(' as ');
  return { bare, alias, isTypeOnly };
}

/** @param {SourceFile} source @param {string} from */
function placeFor(source, from) {
  const specifiers = source.getImportDeclarations().map((each) => each.getModuleSpecifierValue());
  const before = specifiers.findIndex((each) => distance(each) > distance(from) || sorted(each, from) > 0);
  return before < 0 ? specifiers.length : before;
}

/** `./order` in CommonJS corresponds to `./order.js` in ES modules. @param {string} specifier */
function bareOf(specifier) {
  return specifier.startsWith('.') ? specifier.replace(/\.js$/, '') : specifier;
}

/** @param {string} specifier */
function distance(specifier) {
  if (!specifier.startsWith('.')) return 0;
  return 100 - (specifier.match(/\.\.\//g)?.length ?? 0);
}

/** @param {string} one @param {string} other */
function sorted(one, other) {
  return distance(one) === distance(other) ? compared(one, other) : 0;
}

/** @param {string} one @param {string} other */
function compared(one, other) {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
