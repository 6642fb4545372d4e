import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { main } from '../lib/main.js';
import { textIn } from '../../operations/src/testing/text-in.js';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'create-leftfold-'));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** @param typed on a terminal; without it there is no terminal */
async function run(args: readonly string[], typed?: string): Promise<Ran> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const isTTY = typed !== undefined;
  if (isTTY) input.write(typed);
  const code = await main({
    args,
    cwd,
    input: Object.assign(input, { isTTY }),
    output: Object.assign(output, { isTTY }),
    errors,
  });
  return { code, output: textIn(output), errors: textIn(errors) };
}

async function manifest(): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await readFile(join(cwd, 'my-app', 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
}

it.each<[what: string, args: string[], sentence: RegExp]>([
  ['no folder, without a terminal', [], /^Name a folder: npm create leftfold my-shop\n$/],
  ['a name that npm does not allow', ['My Shop'], /^npm does not allow the name "My Shop": .* Choose another folder/],
  ['a name of Node.js', ['crypto'], /^npm does not allow the name "crypto": it is taken by Node\.js or npm\./],
  ['a name that is too long', ['a'.repeat(215)], /longer than 214 characters/],
  ['two folders', ['one', 'two'], /^One folder is enough, and these are 2: one, two\.\n$/],
  [
    'an unknown option',
    ['my-app', '--colour'],
    /^Unknown option '--colour'\. Run it with --help to see the options\.\n$/,
  ],
  ['an option without a value', ['my-app', '--database'], /--database.*\. Run it with --help to see the options\.\n$/],
  [
    'another database',
    ['my-app', '--database', 'mysql'],
    /^--database can be sqlite or postgres, and not "mysql"\.\n$/,
  ],
  ['another example', ['my-app', '--example', 'blog'], /^--example can be tasks or shop, and not "blog"\.\n$/],
])('refuses %s, and writes nothing', async (_what, args, sentence) => {
  const { code, output, errors } = await run(args);

  expect({ code, output }).toEqual({ code: 1, output: '' });
  expect(errors).toMatch(sentence);
  expect(await readdir(cwd)).toEqual([]);
});

it('refuses a folder that is not empty, and leaves it unchanged', async () => {
  await mkdir(join(cwd, 'my-app'));
  await writeFile(join(cwd, 'my-app', 'notes.txt'), 'mine');

  const { code, errors } = await run(['my-app']);

  expect(code).toBe(1);
  expect(errors).toMatch(/my-app is not empty: it has notes\.txt\. Choose a folder that is new or empty\.\n$/);
  expect(await readdir(join(cwd, 'my-app'))).toEqual(['notes.txt']);
});

it('refuses a file in place of the folder', async () => {
  await writeFile(join(cwd, 'my-app'), 'mine');

  expect(await run(['my-app'])).toMatchObject({ code: 1, errors: expect.stringContaining('is a file') as unknown });
});

it('accepts a folder with nothing but an empty Git repository', async () => {
  await mkdir(join(cwd, 'my-app', '.git'), { recursive: true });

  expect(await run(['my-app'])).toMatchObject({ code: 0, errors: '' });
});

it('shows its options', async () => {
  const { code, output } = await run(['--help']);

  expect(code).toBe(0);
  for (const option of ['--database', '--example', '--help']) expect(output).toContain(option);
});

it.each([
  ['my-app\n', 'my-app'],
  ['\n', 'my-shop'],
])('on a terminal, asks for a missing folder: %j', async (typed, folder) => {
  const { code, output } = await run([], typed);

  expect(code).toBe(0);
  expect(output).toContain('Folder of the new application (my-shop): ');
  expect(await readdir(cwd)).toEqual([folder]);
});

it('creates an application on SQLite, named after its folder, and prints the next steps', async () => {
  const { code, output } = await run(['my-app']);

  expect(code).toBe(0);
  expect(output).toContain('  cd my-app\n  npm install\n  npm start\n');
  const { name, dependencies, overrides } = await manifest();
  expect(name).toBe('my-app');
  expect(dependencies).toHaveProperty('better-sqlite3');
  expect(dependencies).not.toHaveProperty('pg');
  expect(overrides).toBeDefined();
  const files = await filesOf(join(cwd, 'my-app'));
  expect(Object.keys(files)).toEqual(expect.arrayContaining(['.gitignore', '.env.example', 'src/main.ts']));
  for (const text of Object.values(files)) expect(text).not.toMatch(/my-shop|postgres|<!--/i);
});

it('creates an application on PostgreSQL, with its URL in the environment', async () => {
  const { output } = await run(['my-app', '--database', 'postgres']);

  expect(output).toContain('  npm install\n  cp .env.example .env ');
  const { dependencies, allowScripts, overrides } = await manifest();
  expect(dependencies).toHaveProperty('pg');
  expect({ ...dependencies, ...allowScripts }).not.toHaveProperty('better-sqlite3');
  expect(overrides).toBeUndefined();
  for (const text of Object.values(await filesOf(join(cwd, 'my-app'))))
    expect(text).not.toMatch(/my-shop|sqlite|<!--/i);
});

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}
