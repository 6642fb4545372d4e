import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cruise } from 'dependency-cruiser';
import rules from './rules.mjs';

export interface Cruise {
  /** The files under src that were read, as `src/...`. */
  readonly files: string[];
  /** The imports between them, as `from -> to`. Few of them in many files would mean that imports were not followed. */
  readonly arrows: string[];
  /** `rule: from -> to`, sorted. */
  readonly violations: string[];
}

/** Judges the folder `src` in `project`, which also has to hold package.json, tsconfig.json and node_modules. */
export async function cruiseSources(project: string): Promise<Cruise> {
  const { output } = await cruise(['src'], {
    ...rules.options,
    baseDir: project,
    validate: true,
    ruleSet: { forbidden: rules.forbidden },
  });
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
  const entries = await readdir(join(project, 'src'), { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => `src/${entry.split(sep).join('/')}`)
    .toSorted();
}

function isSource(path: string): boolean {
  return path.startsWith('src/');
}
