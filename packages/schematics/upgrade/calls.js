import { Node, SyntaxKind } from 'ts-morph';

/** @typedef {import('ts-morph').SourceFile} SourceFile */

/**
 * Changes what a source calls or makes of the kernel and is another thing in the packages: a stored event may be several
 * events now. @param {SourceFile} source
 */
export function renewCalls(source) {
  for (const call of source.getDescendantsOfKind(SyntaxKind.CallExpression)) {
    const called = call.getExpression();
    if (!Node.isPropertyAccessExpression(called) || called.getName() !== 'fromRecorded') continue;
    called.getNameNode().replaceWithText('eventsOf');
    call.replaceWithText(`${call.getText()}[0]`);
  }
  for (const made of source.getDescendantsOfKind(SyntaxKind.VariableDeclaration)) {
    const value = made.getInitializer();
    if (made.getTypeNode()?.getText() !== 'EventContext' || !Node.isObjectLiteralExpression(value)) continue;
    if (!value.getProperty('part')) value.addPropertyAssignment({ name: 'part', initializer: '0' });
  }
}
