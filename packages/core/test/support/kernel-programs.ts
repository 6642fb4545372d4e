import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleSources } from '../../../../tools/bundle/bundle-sources.mjs';
import { onceARun } from './once-a-run.js';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');

/** Programs for tests of the kernel without the application. */
const PROGRAMS = {
  writer: 'packages/core/test/event-log/writer.ts',
  appending: 'packages/core/test/faults/support/appending-program.ts',
  checkpointing: 'packages/core/test/faults/support/checkpointing-program.ts',
  tagging: 'packages/core/test/faults/support/tagging-program.ts',
  importing: 'packages/core/test/faults/support/importing-program.ts',
  forgetting: 'packages/core/test/faults/support/forgetting-program.ts',
  recurring: 'packages/core/test/faults/support/recurring-program.ts',
  'old-build': 'packages/core/test/faults/support/old-build-program.ts',
  'new-build': 'packages/core/test/faults/support/new-build-program.ts',
  counting: 'packages/core/test/faults/support/counting-program.ts',
  sealing: 'packages/proofs/test/support/sealing-program.ts',
  payments: 'packages/nats/test/support/payment-program.ts',
  examples: 'test/examples/dcb/example-program.ts',
};

/** Returns the file to run. All of them are bundled together, once per Jest run. */
export async function kernelProgram(name: keyof typeof PROGRAMS): Promise<string> {
  return join(await onceARun('kernel-programs', build), `${name}.js`);
}

async function build(folder: string): Promise<void> {
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const programs = Object.entries(PROGRAMS).map(([name, file]) => [name, join(REPOSITORY, file)]);
  await bundleSources(Object.fromEntries(programs) as Record<string, string>, folder);
}
