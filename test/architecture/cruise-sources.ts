import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cruise } from 'dependency-cruiser';
import rules from './rules.mjs';

export interface Cruise {
  /** The source files that were read, as `src/...` or `packages/core/src/...`. */
  readonly files: string[];
  /** The imports between them, as `from -> to`. Few imports in many files would mean that imports were not followed. */
  readonly arrows: string[];
  /** `rule: from -> to`, sorted. */
  readonly violations: string[];
}

/** Checks the application and the packages in `project`, which also needs package.json, tsconfig.json and node_modules. */
export async function cruiseSources(project: string): Promise<Cruise> {
  const folders = await sourceFolders(project);
  const { output } = await inFolder(project, () =>
    cruise(folders, { ...rules.options, validate: true, ruleSet: { forbidden: rules.forbidden } }),
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text.');

  const sources = output.modules.filter(({ source }) => isSource(source));
  return {
    files: sources.map(({ source }) => source).toSorted(),
    arrows: sources.flatMap(({ source, dependencies }) =>
      dependencies
        .map(({ resolved }) => resolved)
        .filter(isSource)
        .map((target) => `${source} -> ${target}`),
    ),
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).toSorted(),
  };
}

export async function typeScriptFilesOf(project: string): Promise<string[]> {
  const folders = await sourceFolders(project);
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(project, folder), { recursive: true })).map(
        (entry) => `${folder}/${entry.split(sep).join('/')}`,
      ),
    ),
  );
  return files
    .flat()
    .filter((file) => file.endsWith('.ts'))
    .toSorted();
}

/** dependency-cruiser resolves `paths` of tsconfig.json relative to the current folder, and ignores `baseDir`. */
async function inFolder<T>(folder: string, task: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await task();
  } finally {
    process.chdir(before);
  }
}

/** `src` of the application and of each package. */
async function sourceFolders(project: string): Promise<string[]> {
  const packages = await readdir(join(project, 'packages'));
  const folders = ['src', ...packages.map((name) => `packages/${name}/src`)];
  return folders.filter((folder) => existsSync(join(project, folder)));
}

function isSource(path: string): boolean {
  return /^(packages\/[^/]+\/)?src\//.test(path);
}
