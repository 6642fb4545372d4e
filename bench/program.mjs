/** The process of one contestant: does one job, and sends the outcome to its parent. */
import './harness/hooks.mjs';

await import('./program.js');
