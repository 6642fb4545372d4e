import { parseArgs } from 'node:util';
import { Refusal } from './refusal.js';

export const DATABASES = /** @type {const} */ (['sqlite', 'postgres']);
export const EXAMPLES = /** @type {const} */ (['tasks', 'shop']);

/**
 * @typedef {object} Arguments
 * @property {string | undefined} folder of the new application
 * @property {typeof DATABASES[number]} database
 * @property {typeof EXAMPLES[number]} example
 * @property {boolean} help
 */

/**
 * Reads the command line.
 *
 * @param {readonly string[]} args the arguments after the program's name
 * @returns {Arguments}
 * @throws {Refusal} for an unknown option or value, or for two folders
 */
export function readArguments(args) {
  const { values, positionals } = parsed(args);
  if (positionals.length > 1) {
    throw new Refusal(`One folder is enough, and these are ${positionals.length}: ${positionals.join(', ')}.`);
  }
  return {
    folder: positionals[0],
    database: oneOf(DATABASES, values.database, 'database'),
    example: oneOf(EXAMPLES, values.example, 'example'),
    help: values.help,
  };
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: 'string', default: DATABASES[0] },
        example: { type: 'string', default: EXAMPLES[0] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Node's message continues with advice for programmers.
    const [sentence] = /** @type {Error} */ (error).message.split('. ');
    throw new Refusal(`${sentence}. Run it with --help to see the options.`);
  }
}

/**
 * @template {string} T
 * @param {readonly T[]} choices
 * @param {string} value
 * @param {string} option
 * @returns {T}
 */
function oneOf(choices, value, option) {
  const found = choices.find((each) => each === value);
  if (found) return found;
  throw new Refusal(`--${option} can be ${choices.join(' or ')}, and not "${value}".`);
}
