import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { typeScriptFilesOf } from './cruise-sources.js';

export interface ContractImports {
  /** Number of checked imports from another feature's contract. */
  readonly seen: number;
  /** `file: sentence`, sorted. */
  readonly violations: string[];
}

const CONTRACT = /^(?:\.\.\/)+[^./]+\/[^./]+\.contract\.js$/;

/**
 * dependency-cruiser checks files, not names. From a contract, sagas and read models may import events and commands,
 * command handlers may import queries.
 */
export async function checkContractImports(project: string): Promise<ContractImports> {
  let seen = 0;
  const violations: string[] = [];
  for (const file of await typeScriptFilesOf(project)) {
    const folder = /^src\/[^/]+\/(sagas|read-models|commands)\//.exec(file)?.[1];
    if (!folder || file.endsWith('spec.ts')) continue;

    for (const { names, typesOnly } of contractImportsOf(file, await readFile(join(project, file), 'utf8'))) {
      seen++;
      if (names === 'all') violations.push(`${file}: import the contract's names one by one`);
      else if (!typesOnly) violations.push(...names.filter((name) => !fits(folder, name)).map(saying(file, folder)));
    }
  }
  return { seen, violations: violations.toSorted() };
}

function fits(folder: string, name: string): boolean {
  return (folder === 'commands') === name.endsWith('Query');
}

function saying(file: string, folder: string): (name: string) => string {
  const instead = folder === 'commands' ? 'only queries' : 'only events and commands';
  return (name) => `${file}: ${folder} may take ${instead} from a contract, not ${name}`;
}

function contractImportsOf(file: string, text: string): { names: string[] | 'all'; typesOnly: boolean }[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023);
  return source.statements
    .filter(ts.isImportDeclaration)
    .filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && CONTRACT.test(moduleSpecifier.text))
    .map(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      const typesOnly = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      if (!bindings || !ts.isNamedImports(bindings)) return { names: 'all', typesOnly };
      const values = bindings.elements.filter(({ isTypeOnly }) => !isTypeOnly);
      return { names: values.map(({ name, propertyName }) => (propertyName ?? name).text), typesOnly };
    });
}
