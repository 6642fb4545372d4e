import { Node, SyntaxKind } from 'ts-morph';
import { importName } from '../project/imports.js';
import { importsGone, placeImports, rename } from './imports.js';
import { LAYOUT } from './released.js';

/** @typedef {import('ts-morph').SourceFile} SourceFile */
/** @typedef {import('./imports.js').Tell} Tell */

const NEW_OPTIONS = new Map([
  ['events', 'url'],
  ['views', 'viewsUrl'],
  ['visits', 'oneOff'],
]);

const OPERATIONS = `OperationsModule.forRootAsync({
  access: RoleOperatorAccess,
  inject: [Settings],
  useFactory: ({ readyLagLimit, metricsToken }: Settings) => ({
    readyLagLimit,
    ...(metricsToken === undefined ? {} : { metricsToken }),
  }),
})`;

/** The options of `runCommandLine` beside the application's module. */
const COMMAND_LINE = `async databases() {
  const { readSettings } = await import('./platform/config/read-settings.js');
  return readSettings(invocation.env);
},
async explain() {
  const { explainStartFailure } = await import('./platform/process/start-failure.js');
  return (error) => explainStartFailure(error, invocation.env);
},`;

/**
 * Rewires the kernel and the operator modules in the application. Call it before the imports are changed. @param {SourceFile} source @param
 * {Tell} tell
 */
export function rewire(source, tell) {
  nameOptionsAnew(source);
  bringOperations(source, tell);
  bringCommandLine(source, tell);
  injectReadModels(source, tell);
}

/**
 * `events`, `views` and `visits` of `EventSourcingModule.forRoot` become `url`, `viewsUrl` and `oneOff`. SQL of the application names
 * the tables as they were, so new databases have no prefix, either. @param {SourceFile} source
 */
function nameOptionsAnew(source) {
  if (!importsGone(source, 'EventSourcingModule')) return;
  const calls = callsIn(source).filter((each) =>
    /^EventSourcingModule\.forRoot(Async)?$/.test(each.getExpression().getText()),
  );
  for (const call of calls) {
    for (const each of call.getDescendantsOfKind(SyntaxKind.ShorthandPropertyAssignment)) {
      const name = NEW_OPTIONS.get(each.getName());
      if (name) each.replaceWithText(`${name}: ${each.getName()}`);
    }
    for (const each of call.getDescendantsOfKind(SyntaxKind.PropertyAssignment)) {
      const name = NEW_OPTIONS.get(each.getName());
      if (name) each.getNameNode().replaceWithText(name);
    }
    const url = call.getDescendantsOfKind(SyntaxKind.PropertyAssignment).find((each) => each.getName() === 'url');
    url?.getParentIfKind(SyntaxKind.ObjectLiteralExpression)?.addPropertyAssignment({
      name: 'tablePrefix',
      initializer: "''",
    });
  }
}

/** `OperationsModule` includes audit, health and metrics. @param {SourceFile} source @param {Tell} tell */
function bringOperations(source, tell) {
  for (const name of Object.values(LAYOUT.partsOfOperations)) {
    const declaration = importsGone(source, name);
    if (!declaration) continue;
    const isWhole = name === 'OperationsModule';
    const places = source
      .getDescendantsOfKind(SyntaxKind.Identifier)
      .filter((each) => each.getText() === name && isUse(each));
    const inLists = places.filter((each) => Node.isArrayLiteralExpression(each.getParent()));
    if (places.length !== 1 || inLists.length !== 1) {
      tell(
        declaration,
        `${name} is a part of OperationsModule of @leftfold/operations; import that once, in the root module`,
      );
      continue;
    }
    const [element] = inLists;
    if (isWhole) element?.replaceWithText(OPERATIONS);
    else element?.getParentIfKindOrThrow(SyntaxKind.ArrayLiteralExpression).removeElement(element);
    removeName(declaration, name);
    if (!isWhole) continue;
    importName(source, name, '@leftfold/operations');
    placeImports(source, 'RoleOperatorAccess', 'src/platform/auth/role-operator-access.ts');
    placeImports(source, 'Settings', 'src/platform/config/settings.ts');
  }
}

/** @param {SourceFile} source @param {Tell} tell */
function bringCommandLine(source, tell) {
  const declaration = importsGone(source, 'runCommandLine');
  if (!declaration) return;
  const calls = callsIn(source).filter((each) => each.getExpression().getText() === 'runCommandLine');
  const load = calls[0]?.getArguments()[3];
  if (calls.length === 1 && load && Node.isArrowFunction(load)) {
    load.replaceWithText(`{ loadModule: ${load.getText()}, ${COMMAND_LINE} }`);
  } else {
    tell(declaration, 'runCommandLine takes { loadModule, databases, explain } where it took the module');
  }
}

/** DataSources have names now. Queries read from the one of the views. @param {SourceFile} source @param {Tell} tell */
function injectReadModels(source, tell) {
  const typeorm = source.getImportDeclaration('@nestjs/typeorm');
  for (const each of typeorm?.getNamedImports() ?? []) {
    const calls = callsIn(source).filter((call) => call.getExpression().getText() === each.getName());
    const unnamed = calls.filter(
      (call) => call.getArguments().length < (each.getName() === 'InjectRepository' ? 2 : 1),
    );
    if (!/^Inject(Repository|DataSource|EntityManager)$/.test(each.getName()) || unnamed.length === 0) continue;
    if (each.getName() !== 'InjectRepository' || unnamed.length < calls.length) {
      for (const call of unnamed)
        tell(
          call,
          `${each.getName()} injects the default DataSource, which no longer exists: name 'views' or 'events'`,
        );
      continue;
    }
    rename(source, 'InjectRepository', 'InjectReadModelRepository');
    removeName(/** @type {import('ts-morph').ImportDeclaration} */ (typeorm), 'InjectReadModelRepository');
    importName(source, 'InjectReadModelRepository', '@leftfold/core');
  }
}

/** @param {SourceFile} source */
function callsIn(source) {
  return source.getDescendantsOfKind(SyntaxKind.CallExpression);
}

/** @param {import('ts-morph').Node} node */
function isUse(node) {
  return !Node.isImportSpecifier(node.getParent());
}

/** @param {import('ts-morph').ImportDeclaration} declaration @param {string} name */
function removeName(declaration, name) {
  const named = declaration.getNamedImports();
  if (named.length === 1) declaration.remove();
  else named.find((each) => each.getName() === name)?.remove();
}
