import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleSources } from '../../tools/bundle/bundle-sources.mjs';
import { onceARun } from '../../packages/core/test/support/once-a-run.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');

export interface BuiltApp {
  /** Has package.json, node_modules, dist and bin, like a deployed app. */
  readonly folder: string;
  readonly main: string;
  readonly cli: string;
  /** `main`, which kills itself before or after an append. */
  readonly dying: string;
}

/** The app as bundles that start fast, made once per Jest run. */
export async function builtApp(): Promise<BuiltApp> {
  const folder = await onceARun('app', build);
  const program = (name: string): string => join(folder, 'dist', `${name}.js`);
  return { folder, main: program('main'), cli: program('cli'), dying: program('dying-app') };
}

/** Together, because bundles share the cost of reading the packages. */
async function build(folder: string): Promise<void> {
  for (const part of ['package.json', 'bin']) {
    await cp(join(REPOSITORY, part), join(folder, part), { recursive: true });
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const sources = join(REPOSITORY, 'src');
  await bundleSources(
    {
      main: join(sources, 'main.ts'),
      cli: join(sources, 'cli.ts'),
      'vacuum-program': join(REPOSITORY, 'packages', 'core', 'src', 'operations', 'backup', 'vacuum-program.ts'),
      'dying-app': join(REPOSITORY, 'test', 'faults', 'support', 'dying-app.ts'),
    },
    join(folder, 'dist'),
  );
}
