import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(ROOT, 'test', 'docs', 'kernel-reference', 'write.mjs');
const PAGE = join(ROOT, 'docs', 'reference', 'kernel.md');
const INDEX = join(ROOT, 'src', 'event-sourcing', 'index.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leftfold-kernel-reference-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function generate(...options: string[]): Promise<string> {
  const target = join(folder, 'kernel.md');
  await promisify(execFile)(process.execPath, [PROGRAM, target, ...options], { cwd: folder });
  return readFile(target, 'utf8');
}

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
  const [now, written] = await Promise.all([generate(), readFile(PAGE, 'utf8')]);

  // Not the texts themselves: nobody reads a difference of two thousand lines.
  const state = now === written ? 'fresh' : 'stale: run "npm run docs:kernel", and look at what it changed';
  expect(state).toBe('fresh');
}, 120_000);

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
  async function sample(source: string): Promise<string> {
    await writeFile(join(folder, 'events.ts'), source);
    await writeFile(join(folder, 'index.ts'), "export * from './events.js';\n");
    const compilerOptions = { module: 'nodenext', target: 'ES2023', types: [], strict: true };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }));
    return generate(folder);
  }

  it('refuses a name that no docstring explains', async () => {
    const made = sample('/** Says what it is. */\nexport interface Told {}\nexport class Silent {}\n');

    await expect(made).rejects.toThrow('No docstring says what these are: Silent.');
  });

  it('shows what one may call, what it takes and throws, and leaves out what is not for readers', async () => {
    const page = await sample(
      `
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
      }`,
    );

    expect(page).toContain('Counts. See [`Options`](#options).');
    expect(page).toContain('count(options: Options): number;');
    expect(page).toContain("Throws: `SetupError` when it can't");
    expect(page).toMatch(/\| `pause\?` +\| `number` +\| In ms\. +\|/);
    expect(page).not.toMatch(/Hidden|secret|inner|constructor/);
  });
});
