// `npm run build`: bundles the application from its sources and those of its packages, and puts the bundles into `dist/`.
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSources } from './bundle-sources.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'dist');
const BUNDLES = join(ROOT, 'dist.new');

rmSync(BUNDLES, { recursive: true, force: true });
try {
  const programs = {
    main: join(ROOT, 'src', 'main.ts'),
    cli: join(ROOT, 'src', 'cli.ts'),
    // Runs in a process of its own, and is looked for beside the file that starts it.
    'vacuum-program': join(ROOT, 'packages', 'core', 'src', 'operations', 'backup', 'vacuum-program.ts'),
  };
  await bundleSources(programs, BUNDLES, { sourcemap: true });
  rmSync(DIST, { recursive: true, force: true });
  renameSync(BUNDLES, DIST);
} finally {
  rmSync(BUNDLES, { recursive: true, force: true });
}
