/** The process that has PostgreSQL. See postgres-server.ts. */
import './hooks.mjs';

await import('./postgres-process.js');
