import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * What the stored data of an event looks like: its fields, and their types as the compiler prints them.
 * @typedef {Record<string, string>} EventSchema
 * @typedef {{ type: string, version: number, schema: EventSchema }} DeclaredEvent
 */

/** Every file that holds a domain event. */
export function eventFiles(/** @type {string} */ folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.event.ts'))
    .map((name) => join(folder, name))
    .toSorted();
}

/** @type {ts.CompilerOptions} */
const OPTIONS = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  experimentalDecorators: true,
  strict: true,
  skipLibCheck: true,
  types: [],
};

/**
 * Reads the shape of each class with `@DomainEvent` from the source, as the compiler sees it.
 * @param {string[]} files
 * @returns {DeclaredEvent[]}
 */
export function declaredEvents(files) {
  const program = ts.createProgram(files, OPTIONS, hostWithoutPackages());
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${file} can't be read.`);
    /** @type {DeclaredEvent[]} */
    const found = [];
    for (const statement of source.statements) {
      if (!ts.isClassDeclaration(statement)) continue;
      const declared = decoratorOf(statement);
      if (declared) found.push({ ...declared, schema: schemaOf(statement, checker) });
    }
    return found;
  });
}

/** Events hold plain values, so their types come from this project; loading packages would take most of the time. */
function hostWithoutPackages() {
  const host = ts.createCompilerHost(OPTIONS);
  host.resolveModuleNameLiterals = (literals, from, _, options) =>
    literals.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
    );
  return host;
}

/** @param {ts.ClassDeclaration} node */
function decoratorOf(node) {
  for (const decorator of ts.getDecorators(node) ?? []) {
    const call = decorator.expression;
    if (!ts.isCallExpression(call) || call.expression.getText() !== 'DomainEvent') continue;
    const [name, options] = call.arguments;
    if (!name || !ts.isStringLiteral(name)) throw new Error('@DomainEvent needs its name as a literal.');
    return { type: name.text, version: versionOf(options) };
  }
  return undefined;
}

/** @param {ts.Expression | undefined} options */
function versionOf(options) {
  if (!options) return 1;
  if (!ts.isObjectLiteralExpression(options)) throw new Error('@DomainEvent needs its options as a literal.');
  for (const property of options.properties) {
    if (property.name?.getText() !== 'version' || !ts.isPropertyAssignment(property)) continue;
    return Number(property.initializer.getText());
  }
  return 1;
}

/**
 * @param {ts.ClassDeclaration} node
 * @param {ts.TypeChecker} checker
 * @returns {EventSchema}
 */
function schemaOf(node, checker) {
  const fields = checker.getTypeAtLocation(node).getProperties().filter(isStored);
  const entries = fields.map((field) => {
    const optional = field.flags & ts.SymbolFlags.Optional ? '?' : '';
    const type = print(checker.getTypeOfSymbolAtLocation(field, node), checker, node);
    if (/\bany\b/.test(type)) {
      throw new Error(
        `The type of ${node.name?.text}.${field.name} can't be read. Give it one of this project: ${type}`,
      );
    }
    return [field.name + optional, type];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** Methods and what is only declared (`declare readonly type`) are not stored. */
function isStored(/** @type {ts.Symbol} */ field) {
  const declaration = field.valueDeclaration;
  if (!declaration || ts.isMethodDeclaration(declaration) || ts.isGetAccessor(declaration)) return false;
  const modifiers = ts.canHaveModifiers(declaration) ? (ts.getModifiers(declaration) ?? []) : [];
  return !modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword || kind === ts.SyntaxKind.StaticKeyword);
}

/**
 * Prints a type with aliases and interfaces written out, so that a change behind a name shows.
 * @param {ts.Type} type
 * @param {ts.TypeChecker} checker
 * @param {ts.Node} at
 * @returns {string}
 */
function print(type, checker, at) {
  if (type.isUnion())
    return type.types
      .map((each) => print(each, checker, at))
      .toSorted()
      .join(' | ');
  const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (checker.isArrayType(type) && element) return `(${print(element, checker, at)})[]`;
  if (type.flags & ts.TypeFlags.Object) {
    const fields = type.getProperties().map((field) => {
      const optional = field.flags & ts.SymbolFlags.Optional ? '?' : '';
      return `${field.name}${optional}: ${print(checker.getTypeOfSymbolAtLocation(field, at), checker, at)}`;
    });
    return `{ ${fields.toSorted().join('; ')} }`;
  }
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
}
