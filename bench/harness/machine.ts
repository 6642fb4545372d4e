import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem, type as system } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.mjs';

/** The machine and the versions that the figures belong to. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In GB. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
  readonly postgres: string;
  readonly drivers: string;
  readonly commit: string;
}

export function describeMachine(postgres: string): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 1024 ** 3),
    system: `${system()} ${release()}`,
    node: process.version,
    sqlite: process.versions.sqlite ?? 'of better-sqlite3',
    postgres,
    drivers: ['better-sqlite3', 'pg', 'typeorm', '@nestjs/core'].map((name) => `${name} ${versionOf(name)}`).join(', '),
    commit: commitOf(CHECKOUT),
  };
}

export function commitOf(folder: string): string {
  try {
    return execFileSync('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'], { stdio: 'pipe' }).toString().trim();
  } catch {
    return 'unknown';
  }
}

function versionOf(name: string): string {
  const require = createRequire(join(CHECKOUT, 'package.json'));
  const entry = require.resolve.paths(name) ?? [];
  for (const folder of entry) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
