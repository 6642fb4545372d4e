/** The benchmark: `npm run bench`. See README.md beside this file. */
import './harness/hooks.mjs';

await import('./main.js');
