import ts from 'typescript';
import { nodesIn, parsed, replaced } from './sources.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */

const HOOKS = 'enableShutdownHooks';

/**
 * Puts `app.enableShutdownHooks()` after the line that makes the application, unless it is called already.
 * @param {Tree} tree @param {string} path of main.ts
 * @returns {'there' | 'added' | 'unknown'} unknown: the application is made in a way that is not recognized, and nothing changes
 */
export function enableShutdownHooks(tree, path) {
  if (!tree.exists(path)) return 'unknown';
  const text = tree.readText(path);
  const source = parsed(text);
  const nodes = [...nodesIn(source)];
  if (nodes.some((each) => ts.isPropertyAccessExpression(each) && each.name.text === HOOKS)) return 'there';

  const made = nodes.find((each) => ts.isVariableDeclaration(each) && makesApplication(each));
  if (!made || !ts.isVariableDeclaration(made) || !ts.isIdentifier(made.name)) return 'unknown';
  const statement = made.parent.parent;
  if (!ts.isVariableStatement(statement)) return 'unknown';
  const lineStart = text.lastIndexOf('\n', statement.getStart()) + 1;
  const [indent = ''] = /^[ \t]*/.exec(text.slice(lineStart)) ?? [];
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const at = { start: statement.end, end: statement.end };
  tree.overwrite(path, replaced(text, at, `${lineBreak}${indent}${made.name.text}.${HOOKS}();`));
  return 'added';
}

/** `await NestFactory.create(AppModule)`, of whatever kind. @param {ts.VariableDeclaration} declaration */
function makesApplication({ initializer }) {
  const call = initializer && ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
  return (
    call !== undefined &&
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.expression.getText() === 'NestFactory' &&
    call.expression.name.text.startsWith('create')
  );
}
