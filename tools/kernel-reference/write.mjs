/** Writes docs/reference/kernel.md from the docstrings of the kernel: `npm run docs:kernel`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kernelReference } from './reference.mjs';

await writeFile(join(import.meta.dirname, '..', '..', 'docs', 'reference', 'kernel.md'), await kernelReference());
