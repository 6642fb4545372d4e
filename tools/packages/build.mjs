/**
 * Builds the package of the current folder from nothing, as its `prepack` script. The compiler leaves the outputs of sources that
 * are gone, and those must not be published.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
rmSync('dist', { recursive: true, force: true });
// Standard output is npm's: `npm pack --json` writes there.
execFileSync(process.execPath, [tsc, '-b', 'tsconfig.json'], { stdio: ['ignore', 2, 2] });
