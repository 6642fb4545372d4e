import ts from 'typescript';
import { Refusal } from './refusal.js';
import { nodesIn, parsed, replaced } from './sources.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {{ readonly url: string, readonly eventsInMemory: boolean }} Wiring */

const MODULE = 'EventSourcingModule';
const PACKAGE = '@leftfold/core';

/**
 * Puts `EventSourcingModule.forRoot` last into the imports of the root module, unless some module has it already.
 * @param {Tree} tree @param {readonly string[]} sources @param {string} path of the root module @param {Wiring} wiring
 * @returns {boolean} whether it was put there
 */
export function importEventSourcing(tree, sources, path, wiring) {
  if (sources.some((each) => tree.readText(each).includes(`${MODULE}.forRoot`))) return false;
  if (!tree.exists(path)) {
    throw new Refusal(
      `There is no ${path}. Name the file of the root module: nest add ${PACKAGE} --module=<path below the source root>`,
    );
  }
  const text = tree.readText(path);
  tree.overwrite(path, withImport(withModule(text, path, wiring)));
  return true;
}

/** @param {string} text @param {string} path @param {Wiring} wiring */
function withModule(text, path, wiring) {
  const options = moduleOptions(parsed(text), path);
  const list = options.properties
    .filter((each) => ts.isPropertyAssignment(each))
    .find(({ name }) => name.getText() === 'imports')?.initializer;
  if (!list) {
    const [open, rest] = [options.getStart() + 1, options.properties.length > 0 ? '' : '\n'];
    return replaced(text, { start: open, end: open }, `\n  imports: [\n${call(wiring)}\n  ],${rest}`);
  }
  if (!ts.isArrayLiteralExpression(list)) {
    throw new Refusal(`The imports of ${path} are no list in brackets. Write them as one, and run the command again.`);
  }
  return withElement(text, list, call(wiring));
}

/** In a list of several lines every comment stays where it is. @param {string} text @param {ts.ArrayLiteralExpression} list @param {string} element */
function withElement(text, list, element) {
  const { elements } = list;
  if (!list.getText().includes('\n')) {
    const lines = elements.map((each) => `    ${each.getText()},\n`).join('');
    return replaced(text, { start: list.getStart(), end: list.end }, `[\n${lines}${element}\n  ]`);
  }
  const close = list.end - 1;
  const closed = `${text.slice(0, close).trimEnd()}\n${element}\n  ${text.slice(close)}`;
  const last = elements.at(-1);
  return last && !elements.hasTrailingComma ? replaced(closed, { start: last.end, end: last.end }, ',') : closed;
}

/** @param {ts.SourceFile} source @param {string} path @returns {ts.ObjectLiteralExpression} */
function moduleOptions(source, path) {
  const found = [...nodesIn(source)]
    .filter((each) => ts.isDecorator(each))
    .map(({ expression }) => expression)
    .filter((each) => ts.isCallExpression(each))
    .filter(({ expression }) => expression.getText() === 'Module')
    .map((each) => each.arguments[0])
    .find((each) => each && ts.isObjectLiteralExpression(each));
  if (found && ts.isObjectLiteralExpression(found)) return found;
  throw new Refusal(
    `${path} has no class with @Module({ ... }). Name the file of the root module: nest add ${PACKAGE} --module=<path below the source root>`,
  );
}

/** @param {Wiring} wiring */
function call({ url, eventsInMemory }) {
  return [
    `    ${MODULE}.forRoot({`,
    `      url: process.env.EVENTS_URL ?? '${url}',`,
    ...(eventsInMemory
      ? ['      // Events that are no domain events stay with the event bus, as before.', '      eventsInMemory: true,']
      : []),
    '    }),',
  ].join('\n');
}

/** Before Nest's own imports; what an application imports first of all stays first. @param {string} text */
function withImport(text) {
  const imports = parsed(text).statements.filter((each) => ts.isImportDeclaration(each));
  const next = imports.find(({ moduleSpecifier }) => /^['"]@nestjs\//.test(moduleSpecifier.getText()));
  const at = next?.getStart() ?? (imports.at(-1)?.end ?? -1) + 1;
  return replaced(text, { start: at, end: at }, `import { ${MODULE} } from '${PACKAGE}';\n`);
}
