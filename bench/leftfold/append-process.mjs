/** A process that appends beside others: says when it is ready, appends when it is told to, and reports how many. */
import '../harness/hooks.mjs';

await import('./append-process.js');
