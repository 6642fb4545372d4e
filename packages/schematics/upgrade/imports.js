import { posix } from 'node:path';
import { Node, SyntaxKind } from 'ts-morph';
import { importName } from '../project/imports.js';
import { isGone, placeOf } from './released.js';

/** @typedef {import('ts-morph').SourceFile} SourceFile */
/** @typedef {(node: import('ts-morph').Node, what: string) => void} Tell */

/**
 * Replaces the imports from the kernel by imports from the packages, and reports names that no package exports. @param {SourceFile} source
 * @param {Tell} tell
 */
export function importFromPackages(source, tell) {
  for (const declaration of source.getImportDeclarations()) {
    const target = targetOf(source, declaration.getModuleSpecifierValue());
    if (!isGone(target)) continue;
    const names = declaration.getNamedImports();
    if (names.length === 0) tell(declaration, `imports ${target} as a whole, and it is gone`);
    else moveNames(source, declaration, target, tell);
  }
  exportFromPackages(source, tell);
  tellOfOtherImports(source, tell);
}

/** The import of a name from a removed file. @param {SourceFile} source @param {string} name */
export function importsGone(source, name) {
  return source
    .getImportDeclarations()
    .filter((each) => isGone(targetOf(source, each.getModuleSpecifierValue())))
    .find((each) => each.getNamedImports().some((one) => one.getName() === name));
}

/** Imports a name from a file of the application. @param {SourceFile} source @param {string} name @param {string} file */
export function placeImports(source, name, file) {
  importName(source, name, specifierOf(source, file));
}

/** @param {SourceFile} source @param {import('ts-morph').ImportDeclaration} declaration @param {string} target @param {Tell} tell */
function moveNames(source, declaration, target, tell) {
  const isTypeOnly = declaration.isTypeOnly();
  const known = declaration.getNamedImports().map((each) => ({ each, place: placeOf(target, each.getName()) }));
  for (const { each, place } of known)
    if (!place) tell(each, `${each.getName()} of ${target} is in no package's exports`);
  const moved = known.flatMap(({ each, place }) => {
    if (!place) return [];
    const alias = each.getAliasNode()?.getText();
    return [{ ...place, before: each.getName(), alias, type: isTypeOnly || each.isTypeOnly() }];
  });
  if (moved.length === known.length) declaration.remove();
  else for (const { each, place } of known) if (place) each.remove();
  for (const { from, name, before, alias, type } of moved) {
    if (!alias && name !== before) rename(source, before, name);
    const specifier = specifierOf(source, from);
    importName(source, type ? `type ${name}` : name, specifier);
    if (alias) aliasOf(source, specifier, name).setAlias(alias);
  }
}

/** @param {SourceFile} source @param {Tell} tell */
function exportFromPackages(source, tell) {
  for (const declaration of source.getExportDeclarations()) {
    const target = targetOf(source, declaration.getModuleSpecifierValue() ?? '');
    if (!isGone(target)) continue;
    const places = declaration.getNamedExports().map((each) => placeOf(target, each.getName()));
    const from = places[0]?.from;
    const isPlain = places.every(
      (place, index) => place?.from === from && place?.name === declaration.getNamedExports()[index]?.getName(),
    );
    if (from && isPlain) declaration.setModuleSpecifier(specifierOf(source, from));
    else tell(declaration, `exports names of ${target}, which is gone`);
  }
}

/** `import('./x.js')`, as a type or at run time. @param {SourceFile} source @param {Tell} tell */
function tellOfOtherImports(source, tell) {
  const imported = [
    ...source.getDescendantsOfKind(SyntaxKind.ImportType).map((each) => each.getArgument()),
    ...source
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .filter((each) => each.getExpression().getKind() === SyntaxKind.ImportKeyword)
      .flatMap((each) => each.getArguments().slice(0, 1)),
  ];
  for (const each of imported) {
    const target = targetOf(source, each.getText().replaceAll(/['"`]/g, ''));
    if (isGone(target)) tell(each, `imports ${target}, which is gone`);
  }
}

/** @param {SourceFile} source @param {string} before @param {string} after */
export function rename(source, before, after) {
  for (const each of source.getDescendantsOfKind(SyntaxKind.Identifier)) {
    if (each.getText() !== before) continue;
    const parent = each.getParent();
    const isNameOfProperty =
      (Node.isPropertyAccessExpression(parent) || Node.isPropertyAssignment(parent)) && parent.getNameNode() === each;
    if (!isNameOfProperty) each.replaceWithText(after);
  }
}

/** @param {SourceFile} source @param {string} specifier @param {string} name */
function aliasOf(source, specifier, name) {
  const named = source.getImportDeclarationOrThrow(specifier).getNamedImports();
  const found = named.find((each) => each.getName() === name);
  if (!found) throw new Error(`${source.getFilePath()} does not import ${name}.`);
  return found;
}

/** The file of a relative specifier, relative to the application's root. @param {SourceFile} source @param {string} specifier */
function targetOf(source, specifier) {
  if (!specifier.startsWith('.')) return '';
  return posix.join(posix.dirname(source.getFilePath()), specifier).slice(1).replace(/\.js$/, '.ts');
}

/** @param {SourceFile} source @param {string} from a package, or a file of the application */
function specifierOf(source, from) {
  if (!from.startsWith('src/')) return from;
  const path = posix.relative(posix.dirname(source.getFilePath()), `/${from}`).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
