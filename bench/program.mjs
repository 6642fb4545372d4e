/** The process of one contestant: does the jobs that its parent sends, and answers each with its outcome. */
import './harness/hooks.mjs';

await import('./program.js');
