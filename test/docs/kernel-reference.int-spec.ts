import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { convert } from '../../tools/kernel-reference/convert.mjs';
import { page as pageOf } from '../../tools/kernel-reference/page.mjs';
import { kernelReference } from '../../tools/kernel-reference/reference.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs', 'reference', 'kernel.md');
const INDEX = join(ROOT, 'packages', 'core', 'src', 'index.ts');

/** What an index file hands out by name, read without the program that is tested. */
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

/** Headings of names, with the text below them up to the next one. */
function sectionsOf(page: string): Map<string, string> {
  const sections = page.split(/^#{1,3} /m).map((section) => section.split('\n'));
  return new Map(sections.map(([heading = '', ...lines]) => [heading, lines.join('\n')]));
}

/** What is left of a section once code, tables and links to types are taken away. */
function proseOf(section: string): string {
  const [own = ''] = section.split(/^#### /m);
  return own
    .replace(/```[^]*?```/g, '')
    .replace(/^(\||_|See |Code ).*$/gm, '')
    .trim();
}

it('is what the docstrings of the kernel say now', async () => {
  const [now, written] = [await kernelReference(), await readFile(PAGE, 'utf8')];

  // Not the texts themselves: nobody reads a difference of two thousand lines.
  const state = now === written ? 'fresh' : 'stale: run "npm run docs:kernel", and look at what it changed';
  expect(state).toBe('fresh');
});

it('tells of every name that the kernel exports, in words', async () => {
  const names = exportedNames(INDEX, await readFile(INDEX, 'utf8'));
  const sections = sectionsOf(await readFile(PAGE, 'utf8'));

  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => !sections.has(name))).toEqual([]);
  expect(names.filter((name) => !/[a-z]+ [a-z]+/.test(proseOf(sections.get(name) ?? '')))).toEqual([]);
});

it('names no folder of the machine that it was made on, and no private or inherited member', async () => {
  const page = await readFile(PAGE, 'utf8');

  expect(page).not.toContain(ROOT);
  expect(page).not.toMatch(/stackTraceLimit|captureStackTrace|namedParameters|\[KERNEL\]/);
  expect(page).toContain('#### AggregateRepository.update');
  expect(page).not.toContain('AggregateRepository.decide');
});

describe('of another index', () => {
  let folder: string;
  let described: Awaited<ReturnType<typeof convert>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftfold-kernel-reference-'));
    await writeFile(join(folder, 'events.ts'), SAMPLE);
    await writeFile(join(folder, 'index.ts'), "export * from './events.js';\n");
    const tsconfig = join(folder, 'tsconfig.json');
    const compilerOptions = { module: 'nodenext', target: 'ES2023', lib: ['ES2023'], types: [], strict: true };
    await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: ['index.ts'] }));
    described = await convert({ entry: join(folder, 'index.ts'), folder, tsconfig });
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('refuses a name that no docstring explains', async () => {
    await expect(pageOf(described, folder)).rejects.toThrow('No docstring says what these are: Silent.');
  });

  it('shows what one may call, what it takes and throws, and leaves out what is not for readers', async () => {
    const page = await pageOf(
      described.filter(({ declaration }) => declaration.name !== 'Silent'),
      folder,
    );

    expect(page).toContain('Counts. See [`Options`](#options).');
    expect(page).toContain('count(options: Options): number;');
    expect(page).toContain("Throws: `SetupError` when it can't");
    expect(page).toMatch(/\| `pause\?` +\| `number` +\| In ms\. +\|/);
    expect(page).not.toMatch(/Hidden|secret|inner|constructor/);
  });
});

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
