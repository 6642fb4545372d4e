import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { createScratchFolder, removeFolder } from '../../packages/core/test/support/test-run.mjs';

export const REPOSITORY = join(import.meta.dirname, '..', '..');

export interface SampleProject {
  readonly folder: string;
  remove(): Promise<void>;
}

/** A project with this repository's configuration and other sources, as a map of paths to texts. */
export async function createSampleProject(sources: Readonly<Record<string, string>>): Promise<SampleProject> {
  const folder = await createScratchFolder('sample-project');
  for (const file of ['package.json', 'tsconfig.json', '.oxlintrc.json']) {
    await copyFile(join(REPOSITORY, file), join(folder, file));
  }
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await mkdir(join(folder, 'packages'));
  for (const [path, text] of Object.entries(sources)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return { folder, remove: () => removeFolder(folder) };
}

/** The text of a file at `path` that imports other files, or packages by name. */
export function textImporting(path: string, targets: readonly string[]): string {
  return targets.map((target, i) => `export { it as it${i} } from '${specifierOf(path, target)}';\n`).join('');
}

function specifierOf(path: string, target: string): string {
  if (target.startsWith('@')) return target;
  const relative = posix.relative(posix.dirname(path), target.replace(/\.ts$/, '.js'));
  return relative.startsWith('.') ? relative : `./${relative}`;
}
