import { builtinModules } from 'node:module';
import { basename } from 'node:path';
import { Refusal } from './refusal.js';

const LONGEST = 214;
const ALLOWED = /^[a-z0-9][a-z0-9._-]*$/;
const RESERVED = new Set(['node_modules', 'favicon.ico', ...builtinModules]);

/**
 * The name of the application, checked against npm's rules.
 *
 * @param {string} folder its path
 * @returns {string}
 * @throws {Refusal} when npm does not allow it
 */
export function nameFor(folder) {
  const name = basename(folder);
  const flaw = flawOf(name);
  if (!flaw) return name;
  throw new Refusal(`npm does not allow the name "${name}": ${flaw}. Choose another folder, such as my-shop.`);
}

/** @param {string} name */
function flawOf(name) {
  if (name.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (RESERVED.has(name)) return 'it is taken by Node.js or npm';
  if (!ALLOWED.test(name)) {
    return 'it may have lower case letters, digits, ".", "_" and "-", and begins with a letter or a digit';
  }
  return undefined;
}
