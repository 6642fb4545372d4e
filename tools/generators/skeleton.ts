import ts from 'typescript';

/** What makes a file one of its kind: not what it says, but how it is built. */
export interface Skeleton {
  /** Names from packages and from the kernel, as `@nestjs/cqrs Command`. */
  readonly imports: readonly string[];
  /** `class OrderView`, `@Entity`, `extends Query`, `execute()`, ... each with its class. */
  readonly parts: readonly string[];
}

/** @param text TypeScript */
export function skeletonOf(text: string): Skeleton {
  const source = ts.createSourceFile('slice.ts', text, ts.ScriptTarget.ES2023, true);
  return {
    imports: source.statements.filter(ts.isImportDeclaration).flatMap(importsOf),
    parts: source.statements.flatMap((statement) =>
      ts.isClassDeclaration(statement) ? classParts(statement) : functionPart(statement),
    ),
  };
}

function importsOf({ moduleSpecifier, importClause }: ts.ImportDeclaration): string[] {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  const isKernel = from === '@leftfold/core';
  const bindings = importClause?.namedBindings;
  if ((from.startsWith('.') && !isKernel) || !bindings || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map(({ name }) => `${isKernel ? 'kernel' : from} ${name.text}`);
}

function classParts(node: ts.ClassDeclaration): string[] {
  const name = node.name?.text ?? '';
  const heritage = (node.heritageClauses ?? []).flatMap(({ token, types }) => {
    const word = token === ts.SyntaxKind.ExtendsKeyword ? 'extends' : 'implements';
    return types.map(({ expression }) => `${word} ${expression.getText()}`);
  });
  const parts = [...decoratorsOf(node), ...heritage, ...node.members.flatMap(memberParts)];
  return [`class ${name}`, ...parts.map((part) => `${name}: ${part}`)];
}

function memberParts(member: ts.ClassElement): string[] {
  if (ts.isConstructorDeclaration(member)) {
    return member.parameters.flatMap((each) => [
      ...decoratorsOf(each).map((decorator) => `constructor(${decorator})`),
      `constructor(${modifiersOf(each)})`,
    ]);
  }
  if (ts.isMethodDeclaration(member)) return [`${member.name.getText()}()`];
  const declared = ts.isPropertyDeclaration(member) && modifiersOf(member).startsWith('declare') ? [member] : [];
  return [
    ...decoratorsOf(member).map((decorator) => `a member with ${decorator}`),
    ...declared.map((each) => `${modifiersOf(each)} ${each.name.getText()}`),
  ];
}

function functionPart(statement: ts.Statement): string[] {
  return ts.isFunctionDeclaration(statement) && statement.name ? [`function ${statement.name.text}`] : [];
}

/** `private readonly`. */
function modifiersOf(node: ts.Node): string {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.map((each) => each.getText()).join(' ');
}

function decoratorsOf(node: ts.Node): string[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) => {
    const called = ts.isCallExpression(expression) ? expression.expression : expression;
    return `@${called.getText()}`;
  });
}
