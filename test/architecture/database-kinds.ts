import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { typeScriptFilesOf } from './cruise-sources.js';

export interface KindChoices {
  /** Number of choices by the kind of database and of statements for one, allowed ones included. */
  readonly seen: number;
  /** `file: text`, sorted. */
  readonly violations: string[];
  /** Files of `FACTORIES` that have a table by kind. */
  readonly factories: string[];
}

/** Here the kind is known, or chosen. Migrations are frozen. */
const ALLOWED =
  /^packages\/core\/src\/(?:databases|module)\/|\/(?:sqlite|postgres|migrations)\/|\/(?:sqlite|postgres)-[^/]+$/;

/** SQL that only one of the databases has, and that has a name in `Dialect`. */
const OF_ONE_DATABASE =
  /\bjson_each\(|\bany\(\?|\bjson_array_elements|\bclock_timestamp\(|\bunixepoch\(|\bpg_notify\(|\bfor update\b/i;

/** Each chooses one whole adapter by a table that has an entry for each kind. */
export const FACTORIES = [
  'packages/core/src/event-log/open-event-log.ts',
  'packages/core/src/read-models/rebuild/shadow-tables.ts',
  'packages/core/src/read-models/row-layouts.ts',
];

const KINDS = new Set(['sqlite', 'postgres', 'better-sqlite3']);
const EQUALITIES = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
]);

/** Finds code that does one thing on SQLite and another on PostgreSQL, outside the places that are for that. */
export async function checkDatabaseKinds(project: string): Promise<KindChoices> {
  let seen = 0;
  const violations: string[] = [];
  const factories = new Set<string>();
  for (const file of await typeScriptFilesOf(project)) {
    if (file.endsWith('spec.ts')) continue;
    const source = ts.createSourceFile(file, await readFile(join(project, file), 'utf8'), ts.ScriptTarget.ES2023);
    const visit = (node: ts.Node): void => {
      const isTable = isTableByKind(node);
      if (isTable || isComparison(node) || isSqlOfOneDatabase(node)) {
        seen++;
        if (isTable && FACTORIES.includes(file)) factories.add(file);
        else if (!ALLOWED.test(file)) violations.push(`${file}: ${node.getText(source).replace(/\s+/g, ' ')}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { seen, violations: violations.toSorted(), factories: [...factories].toSorted() };
}

/** Such as `kind === 'postgres'`, and `case 'postgres':`. */
function isComparison(node: ts.Node): boolean {
  if (ts.isCaseClause(node)) return isKind(node.expression);
  return (
    ts.isBinaryExpression(node) && EQUALITIES.has(node.operatorToken.kind) && (isKind(node.left) || isKind(node.right))
  );
}

/** Such as `{ sqlite: ..., postgres: ... }`. */
function isTableByKind(node: ts.Node): boolean {
  if (!ts.isObjectLiteralExpression(node)) return false;
  const names = node.properties.map(({ name }) => (name && 'text' in name ? name.text : undefined));
  return names.includes('sqlite') && names.includes('postgres');
}

/** Such as `'select 1 for update'`, also in a part of a template. */
function isSqlOfOneDatabase(node: ts.Node): boolean {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  return isText && OF_ONE_DATABASE.test(node.text);
}

function isKind(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) && KINDS.has(node.text);
}
