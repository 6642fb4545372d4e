import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppProcess, type AppProcessOptions, killLeftovers } from '../packages/core/test/support/app-process.js';
import { createScratchFolder } from '../packages/core/test/support/test-run.mjs';

// Most of the time of a start goes into loading modules, so a process loads what it uses.

const REPOSITORY = join(import.meta.dirname, '..');
const PRELOADED = ['tools/jest/register.mjs', 'test/support/list-modules.mjs'];

afterEach(killLeftovers);

/** A program of src/, which ends in the course of `use`. Returns the modules of packages that it has loaded by then. */
async function modulesOf(
  script: string,
  args: readonly string[],
  use: (options: AppProcessOptions) => Promise<unknown>,
): Promise<readonly string[]> {
  const file = join(await createScratchFolder('modules'), 'modules.json');
  const preload = PRELOADED.map((name) => `--import=${pathToFileURL(join(REPOSITORY, name)).href}`).join(' ');
  await use({ script: join(REPOSITORY, script), args, env: { NODE_OPTIONS: preload, MODULES_FILE: file } });
  return JSON.parse(await readFile(file, 'utf8')) as string[];
}

function packagesIn(modules: readonly string[]): string[] {
  return [...new Set(modules.map((module) => /^(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module))];
}

it('help loads no Nest, no TypeORM and nothing that opens a database', async () => {
  const modules = await modulesOf('src/cli.ts', ['log', 'tail', '--help'], async (options) => {
    const { code, stdout } = await AppProcess.run(options);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: leftfold log tail /);
  });

  expect(packagesIn(modules).toSorted()).toEqual(['commander', 'reflect-metadata', 'uuid']);
});

it('an application on SQLite loads no driver for PostgreSQL, no client of NATS, and nothing that sends mails or hashes passwords', async () => {
  const modules = await modulesOf('src/main.ts', [], async (options) => {
    const app = await AppProcess.start(options);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
    await app.stop();
  });

  const packages = packagesIn(modules);
  expect(packages).toEqual(expect.arrayContaining(['better-sqlite3', 'typeorm', '@nestjs/core']));
  expect(packages.filter((name) => /^(pg|pg-pool|@node-rs\/argon2|@nats-io\/.*)$/.test(name))).toEqual([]);
  expect(modules.filter((name) => name.startsWith('nodemailer/'))).toEqual([expect.stringMatching(/addressparser/)]);
});
