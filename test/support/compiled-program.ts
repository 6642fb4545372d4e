import { symlink, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { bundle } from '../../tools/jest/bundle.mjs';
import { createScratchFolder } from './test-run.mjs';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Bundles a program of this repository, named from its top, for a process of its own. Answers the file to run. */
export async function compileProgram(program: string): Promise<string> {
  const target = await createScratchFolder('program');
  const { name } = parse(program);
  await symlink(join(REPOSITORY, 'node_modules'), join(target, 'node_modules'), 'junction');
  await writeFile(join(target, 'package.json'), '{ "type": "module" }');
  await bundle({ [name]: join(REPOSITORY, program) }, target);
  return join(target, `${name}.js`);
}
