/** The process of an application that is measured over HTTP. */
import '../harness/hooks.mjs';

await import('./serve.js');
