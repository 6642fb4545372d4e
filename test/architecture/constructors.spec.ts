import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { typeScriptFilesOf } from './cruise-sources.js';
import { createSampleProject, REPOSITORY } from './sample-project.js';

const MOST = 6;

it('a constructor or function of the kernel has six parameters at most, and no bag of surroundings', async () => {
  const { seen, violations } = await checkConstructors(REPOSITORY);

  expect(violations).toEqual([]);
  expect(seen).toBeGreaterThan(50);
});

it('refuses a seventh parameter, and a bag', async () => {
  const six = 'a: 1, b: 2, c: 3, d: 4, e: 5, f: 6';
  const project = await createSampleProject({
    'packages/core/src/subscriptions/good.ts': `export class Good {\n  constructor(${six}) {}\n}\n`,
    'packages/core/src/subscriptions/large.ts': `export class Large {\n  constructor(${six}, g: 7) {}\n}\n`,
    'packages/core/src/module/factory.ts': `export const make = (${six}, g: 7): object => ({ a, b, c, d, e, f, g });\n`,
    'packages/core/src/sagas/bag.ts': `export interface SagaSurroundings {\n  readonly log: object;\n}\n`,
  });
  try {
    expect(await checkConstructors(project.folder)).toEqual({
      seen: 2,
      violations: [
        'packages/core/src/module/factory.ts: a function with 7 parameters',
        'packages/core/src/sagas/bag.ts: SagaSurroundings',
        'packages/core/src/subscriptions/large.ts: a constructor with 7 parameters',
      ],
    });
  } finally {
    await project.remove();
  }
});

async function checkConstructors(project: string): Promise<{ seen: number; violations: string[] }> {
  let seen = 0;
  const violations: string[] = [];
  for (const file of await typeScriptFilesOf(project)) {
    if (!file.startsWith('packages/core/src/') || file.endsWith('spec.ts')) continue;
    const source = ts.createSourceFile(file, await readFile(join(project, file), 'utf8'), ts.ScriptTarget.ES2023);
    const visit = (node: ts.Node): void => {
      if (ts.isConstructorDeclaration(node)) seen++;
      if (ts.isFunctionLike(node) && node.parameters.length > MOST) {
        const what = ts.isConstructorDeclaration(node) ? 'constructor' : 'function';
        violations.push(`${file}: a ${what} with ${node.parameters.length} parameters`);
      }
      const isType = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
      if (isType && node.name.text.endsWith('Surroundings')) violations.push(`${file}: ${node.name.text}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { seen, violations: violations.toSorted() };
}
