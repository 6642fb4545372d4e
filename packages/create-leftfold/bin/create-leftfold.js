#!/usr/bin/env node
import { refusalOfNode } from '../lib/node-version.js';

const refusal = refusalOfNode(process.versions.node);
if (refusal) {
  console.error(refusal);
  process.exitCode = 1;
} else {
  // Imported only now, because an old Node.js could not parse it.
  const { main } = await import('../lib/main.js');
  process.exitCode = await main({
    args: process.argv.slice(2),
    cwd: process.cwd(),
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
  });
}
