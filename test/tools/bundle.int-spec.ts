import { execFile } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { bundle } from '../../tools/bundle/bundle.mjs';
import { builtApp } from '../support/built-app.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Bundles the program and runs it. Returns what it prints as JSON. */
async function run(program: string): Promise<unknown> {
  const folder = await createScratchFolder('bundle');
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'program.js'), program);
  await bundle({ program: join(folder, 'program.js') }, join(folder, 'dist'));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'dist', 'program.js')]);
  return JSON.parse(stdout);
}

it('what a bundle loads only when it is used still works', async () => {
  const printed = await run(`
    import { IsStrongPassword, isEmail, isISO31661Alpha2, isPhoneNumber, isUUID } from 'class-validator';
    import { fastify } from 'fastify';

    const app = fastify();
    const schema = { body: { type: 'object', required: ['name'] }, response: { 200: { type: 'object', properties: { ok: { type: 'boolean' } } } } };
    app.post('/', { schema }, async () => ({ ok: true, dropped: 1 }));
    const post = async (payload) => {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/', payload });
      return [statusCode, statusCode === 200 ? JSON.parse(body) : undefined];
    };
    console.log(JSON.stringify({
      loaded: typeof IsStrongPassword,
      emails: ['ann@example.com', 'ann'].map((text) => isEmail(text)),
      countries: ['DE', 'XX'].map((text) => isISO31661Alpha2(text)),
      phones: ['+4930123456', '1'].map((text) => isPhoneNumber(text)),
      ids: ['0190a0b0-0000-7000-8000-000000000000', '1'].map((text) => isUUID(text)),
      answers: [await post({ name: 'Ann' }), await post({})],
    }));`);

  expect(printed).toEqual({
    loaded: 'function',
    emails: [true, false],
    countries: [true, false],
    phones: [true, false],
    ids: [true, false],
    answers: [
      [200, { ok: true }],
      [400, null],
    ],
  });
});

it('a bundle has the drivers of SQLite and PostgreSQL, and says how to get another one', async () => {
  const printed = await run(`
    import { DataSource } from 'typeorm';
    const driver = (options) => {
      try { return new DataSource(options).driver.options.type; } catch (error) { return error.message; }
    };
    console.log(JSON.stringify([
      driver({ type: 'better-sqlite3', database: ':memory:' }),
      driver({ type: 'postgres' }),
      driver({ type: 'mysql' }),
    ]));`);

  expect(printed).toEqual([
    'better-sqlite3',
    'postgres',
    expect.stringContaining('no driver "mysql". Add it to DRIVERS'),
  ]);
});

/** The text that a process reads when it loads these bundles, and all that they import. */
async function textOf(folder: string, names: readonly string[]): Promise<string> {
  const texts = new Map<string, string>();
  const read = async (name: string): Promise<void> => {
    if (texts.has(name)) return;
    texts.set(name, '');
    const text = await readFile(join(folder, name), 'utf8');
    texts.set(name, text);
    for (const [, imported = ''] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) await read(imported);
  };
  for (const name of names) await read(name);
  return [...texts.values()].join('\n');
}

it('a start of the application reads less than 4.8 MB of bundles', async () => {
  const dist = join((await builtApp()).folder, 'dist');
  const application = (await readdir(dist)).filter((name) => /^app\.module-.*\.js$/.test(name));
  expect(application).toHaveLength(1);

  const text = await textOf(dist, ['main.js', ...application]);

  const texts = ['BetterSqlite3Driver=', 'FastifyAdapter=', 'NatsModule='];
  const phoneNumbers = 'parsePhoneNumberWithError(';
  const left = ['MongoDriver=', phoneNumbers, 'node_modules/ajv/', 'JetStreamClientImpl='];
  const found = [...texts, ...left].filter((each) => text.includes(each));
  expect(found).toEqual(texts);
  expect(text.length).toBeLessThan(4_800_000);
  expect(text.length).toBeGreaterThan(3_000_000);
});
