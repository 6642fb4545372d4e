import { join } from 'node:path';
import { convert } from './convert.mjs';
import { page } from './page.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** The text of docs/reference/kernel.md, from the docstrings of the kernel. */
export async function kernelReference() {
  const folder = join(ROOT, 'packages', 'core', 'src');
  const tsconfig = join(import.meta.dirname, 'tsconfig.json');
  return page(await convert({ entry: join(folder, 'index.ts'), folder, tsconfig }), folder);
}
