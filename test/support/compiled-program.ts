import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Options, transform } from '@swc/core';
import jestConfig from '../../jest.config.mjs';
import { createScratchFolder } from './test-run.mjs';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/**
 * Compiles TypeScript, as Jest does it and in less than a second, for a process of its own to run: `program`, and the
 * folders that it imports from. All are named as in this repository. Answers the file to run.
 */
export async function compileProgram(program: string, folders: readonly string[]): Promise<string> {
  const target = await createScratchFolder('program');
  const files = [program];
  for (const folder of folders) {
    for (const file of await readdir(join(REPOSITORY, folder), { recursive: true })) {
      if (/(?<!spec|\.d)\.ts$/.test(file)) files.push(join(folder, file));
    }
  }
  await Promise.all(files.map((file) => compile(file, target)));
  await writeFile(join(target, 'package.json'), '{ "type": "module" }');
  await symlink(join(REPOSITORY, 'node_modules'), join(target, 'node_modules'), 'junction');
  return join(target, compiledName(program));
}

async function compile(file: string, target: string): Promise<void> {
  const source = await readFile(join(REPOSITORY, file), 'utf8');
  const { code } = await transform(source, { ...swcOptions(), filename: file, swcrc: false, configFile: false });
  const output = join(target, compiledName(file));
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, code);
}

function compiledName(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

function swcOptions(): Options {
  const transforms = jestConfig.projects?.flatMap((each) =>
    typeof each === 'string' ? [] : Object.entries(each.transform ?? {}),
  );
  const options = transforms?.find(([pattern]) => new RegExp(pattern).test('file.ts'))?.[1][1];
  if (!options || typeof options === 'string')
    throw new Error('jest.config.mjs no longer says how TypeScript is compiled.');
  return options;
}
