import { readFileSync } from 'node:fs';

/** The version in package.json, which is one folder above this file, compiled or not. Operators see it in lists of nodes. */
export function appVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
