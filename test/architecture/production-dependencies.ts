import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const IMPORTED = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'((?:@[\w.-]+\/)?[\w-][\w.-]*)(?:\/[^']*)?'/g;

/** Packages that the sources import, including type-only imports: types must come from the version that runs. */
export function importedPackages(sources: readonly string[]): Set<string> {
  return new Set(sources.flatMap((text) => Array.from(text.matchAll(IMPORTED), ([, name]) => name!)));
}

/**
 * Finds unused `dependencies`: no source imports the package, and no other package under `dependencies` has it as a
 * peer dependency.
 * @param manifestOf of an installed package
 */
export async function unusedDependencies(
  { dependencies = {} }: Manifest,
  sources: readonly string[],
  manifestOf: (name: string) => Promise<Manifest>,
): Promise<string[]> {
  const imported = importedPackages(sources);
  const used = Object.keys(dependencies).filter((name) => imported.has(name));
  const manifests = await Promise.all(used.map((name) => manifestOf(name)));
  const peers = new Set(manifests.flatMap(({ peerDependencies = {} }) => Object.keys(peerDependencies)));
  return Object.keys(dependencies).filter((name) => !imported.has(name) && !peers.has(name));
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}
