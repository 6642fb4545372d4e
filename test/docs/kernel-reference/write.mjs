/**
 * Writes docs/reference/kernel.md from the docstrings of the kernel: `npm run docs:kernel`.
 * With a path it writes there; with a folder behind it, about the index of that folder, which has its own tsconfig.json.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { convert } from './convert.mjs';
import { page } from './page.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const [, , target = join(root, 'docs', 'reference', 'kernel.md'), other] = process.argv;
const folder = other ?? join(root, 'src', 'event-sourcing');
const tsconfig = join(other ?? import.meta.dirname, 'tsconfig.json');
await writeFile(target, await page(await convert({ entry: join(folder, 'index.ts'), folder, tsconfig }), folder));
