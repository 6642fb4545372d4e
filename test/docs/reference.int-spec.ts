import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { convert } from '../../tools/reference/convert.mjs';
import { page as pageOf } from '../../tools/reference/page.mjs';
import { PLANS } from '../../tools/reference/reference.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const written = (file: string): Promise<string> => readFile(join(ROOT, 'docs', 'reference', file), 'utf8');

/** The exported names of an index file, read without the program under test. */
function exportedNames(path: string, text: string): string[] {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  return statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) {
      throw new Error('Export by name: a star hides what it exports from the reader.');
    }
    return statement.exportClause.elements.map(({ name }) => name.text);
  });
}

/** Headings of names, with the text below each up to the next. */
function sectionsOf(page: string): Map<string, string> {
  const sections = page.split(/^#{1,3} /m).map((section) => section.split('\n'));
  return new Map(sections.map(([heading = '', ...lines]) => [heading, lines.join('\n')]));
}

/** The text of a section without code, tables and links to types. */
function proseOf(section: string): string {
  const [own = ''] = section.split(/^#### /m);
  return own
    .replace(/```[^]*?```/g, '')
    .replace(/^(\||_|See |Code ).*$/gm, '')
    .trim();
}

describe.each(PLANS)('docs/reference/$file', (plan) => {
  it('describes every exported name in words, and no other', async () => {
    const index = join(ROOT, plan.folder, plan.entry);
    const names = exportedNames(index, await readFile(index, 'utf8'));
    const sections = sectionsOf(await written(plan.file));

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !sections.has(name))).toEqual([]);
    expect(names.filter((name) => !/[a-z]+ [a-z]+/.test(proseOf(sections.get(name) ?? '')))).toEqual([]);
    const described = [...sections].filter(
      ([, text]) => text.includes('_Not exported') || text.includes('not exported:'),
    );
    expect(described.map(([name]) => name)).toEqual([]);
  });

  it('contains no path of the machine', async () => {
    expect(await written(plan.file)).not.toContain(ROOT);
  });
});

it('names no private or inherited member', async () => {
  const page = await written('core.md');

  expect(page).not.toMatch(/stackTraceLimit|captureStackTrace|namedParameters|\[KERNEL\]/);
  expect(page).toContain('#### AggregateRepository.update');
  expect(page).not.toContain('AggregateRepository.decide');
});

describe('of another index', () => {
  let folder: string;
  let plan: Parameters<typeof pageOf>[1];
  let described: Awaited<ReturnType<typeof convert>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftfold-reference-'));
    await writeFile(join(folder, 'events.ts'), SAMPLE);
    await writeFile(join(folder, 'index.ts'), "export * from './events.js';\n");
    const tsconfig = join(folder, 'tsconfig.json');
    const compilerOptions = { module: 'nodenext', target: 'ES2023', lib: ['ES2023'], types: [], strict: true };
    await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: ['index.ts'] }));
    plan = { file: 'sample.md', folder, entry: 'index.ts', introduction: '# Sample', topics: [TOPIC] };
    described = await convert({ entry: join(folder, 'index.ts'), folder, tsconfig });
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('refuses a name without a docstring', async () => {
    await expect(pageOf(described, plan)).rejects.toThrow('No docstring says what these are: Silent.');
  });

  it('shows signatures, parameters and errors, and leaves out internals', async () => {
    const page = await pageOf(
      described.filter(({ declaration }) => declaration.name !== 'Silent'),
      plan,
    );

    expect(page).toContain('Counts. See [`Options`](#options).');
    expect(page).toContain('count(options: Options): number;');
    expect(page).toContain("Throws: `SetupError` when it can't");
    expect(page).toMatch(/\| `pause\?` +\| `number` +\| In ms\. +\|/);
    expect(page).not.toMatch(/Hidden|secret|inner|constructor/);
  });
});

const TOPIC = { title: 'Events', about: 'All there is.', paths: ['events'] };

const SAMPLE = `
export class Silent {}
/** How it counts. */
export interface Options {
  /** In ms. */
  readonly pause?: number;
}
/** Not here. */
class Hidden {}
/** Counts. See \`Options\`. */
export class Counter {
  constructor(private readonly hidden: Hidden) {}
  private secret = 1;
  /**
   * Goes on.
   * @throws SetupError when it can't
   */
  count(options: Options): number { return this.secret + (options.pause ?? 0); }
  /** @internal */
  inner(): void {}
}
`;
