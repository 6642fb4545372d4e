import { apply, applyTemplates, chain, filter, mergeWith, noop, url } from '@angular-devkit/schematics';
import { asTypedHere } from './application.js';
import { formatted } from './formatted.js';
import { Refusal } from './refusal.js';
import { requestOf } from './request.js';
import { specifiersOfTheApplication } from './specifiers.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('@angular-devkit/schematics').Rule} Rule */
/** @typedef {import('./request.js').Options} Options */
/** @typedef {import('./request.js').Request} Request */

/**
 * @typedef {object} Plan
 * @property {object} values what the templates in `files` name; `at` is the feature
 * @property {readonly string[]} [without] ends of the names of templates that are left out
 * @property {readonly string[]} next what the developer does now, a line each
 */

/**
 * A generator: reads the request, changes what is there, and says which files are new.
 * Nothing is written before all of it has worked.
 * @template {Request} R
 * @param {(tree: Tree, request: R) => Plan} plan
 * @param {(options: Options) => R} read
 * @returns {(options: Options) => Rule}
 */
export function generator(read, plan) {
  return (options) => (tree) => {
    const {
      request,
      values,
      without = [],
      next,
    } = planned(tree, () => {
      const request = read(options);
      return { request, ...plan(tree, request) };
    });
    const unwanted = request.spec ? without : [...without, '.spec.ts.template', '.e2e-spec.ts.template'];
    const files = apply(url('./files'), [
      filter((path) => !unwanted.some((each) => path.endsWith(each))),
      applyTemplates(values),
    ]);
    return chain([
      mergeWith(files),
      specifiersOfTheApplication(),
      formatted(),
      saying(next.map((line) => asTypedHere(tree, line))),
    ]);
  };
}

/** @template T @param {Tree} tree @param {() => T} plan @returns {T} */
function planned(tree, plan) {
  try {
    return plan();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(asTypedHere(tree, error.message)) : error;
  }
}

/** For all but features: `<feature>/<name>`. @param {string} kind @param {Parameters<typeof requestOf>[2]} shape */
export function reading(kind, shape) {
  return (/** @type {Options} */ options) => requestOf(kind, options, shape);
}

/**
 * After the list of files, which the command line prints when all is written: on the way out, and only if it was.
 * @param {readonly string[]} lines
 * @returns {Rule}
 */
export function saying(lines) {
  if (lines.length === 0) return noop();
  return (_tree, { logger }) => {
    process.once('exit', (code) => {
      if (code === 0) logger.info(['Next:', ...lines.map((line) => `- ${line}`)].join('\n'));
    });
  };
}
