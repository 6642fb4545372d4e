import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { filesOf } from './application.js';
import { readArguments } from './arguments.js';
import { refuseUsed, writeFiles } from './folder.js';
import { nameFor } from './names.js';
import { Refusal } from './refusal.js';
import { HELP, nextSteps } from './texts.js';

/**
 * @typedef {object} Invocation
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ReadableStream & { isTTY?: boolean }} input
 * @property {NodeJS.WritableStream & { isTTY?: boolean }} output
 * @property {NodeJS.WritableStream} errors
 */

/**
 * Creates an application. Asks for missing arguments only on a terminal.
 *
 * @param {Invocation} invocation
 * @returns {Promise<number>} the exit code: 0, or 1 when nothing was created
 */
export async function main(invocation) {
  try {
    await make(invocation);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    invocation.errors.write(`${error.message}\n`);
    return 1;
  }
}

/** @param {Invocation} invocation */
async function make({ args, cwd, input, output }) {
  const { folder, database, example, help } = readArguments(args);
  if (help) {
    output.write(HELP);
    return;
  }

  const target = resolve(cwd, folder ?? (await askForFolder(input, output)));
  const name = nameFor(target);
  await refuseUsed(target);
  await writeFiles(target, await filesOf({ name, database, example }));
  output.write(nextSteps({ name, folder: relative(cwd, target), database, example }));
}

/**
 * @param {Invocation['input']} input
 * @param {Invocation['output']} output
 * @returns {Promise<string>}
 */
async function askForFolder(input, output) {
  if (!input.isTTY || !output.isTTY) throw new Refusal('Name a folder: npm create leftfold my-shop');
  const terminal = createInterface({ input, output });
  try {
    return (await terminal.question('Folder of the new application (my-shop): ')).trim() || 'my-shop';
  } finally {
    terminal.close();
  }
}
