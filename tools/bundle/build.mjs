// The last step of `npm run build`: bundles what the compiler wrote to `dist/`, and puts the bundles in its place.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'dist');
const BUNDLES = join(ROOT, 'dist.new');
/** Runs in a process of its own, and is looked for beside the file that starts it. */
const VACUUM = new URL('operations/backup/vacuum-program.js', import.meta.resolve('@leftfold/core'));

rmSync(BUNDLES, { recursive: true, force: true });
try {
  const programs = {
    main: join(DIST, 'main.js'),
    cli: join(DIST, 'cli.js'),
    'vacuum-program': fileURLToPath(VACUUM),
  };
  await bundle(programs, BUNDLES, { sourcemap: true });
  rmSync(DIST, { recursive: true });
  renameSync(BUNDLES, DIST);
} finally {
  rmSync(BUNDLES, { recursive: true, force: true });
}
