import { apply, applyTemplates, chain, filter, mergeWith, noop, url } from '@angular-devkit/schematics';
import { asTypedHere } from './application.js';
import { formatted } from './formatted.js';
import { Refusal } from './refusal.js';
import { requestOf } from './request.js';
import { movedTo, withPathsIn, withSourcesInSrc } from './source-root.js';
import { specifiersOfTheApplication } from './specifiers.js';

/** @typedef {import('@angular-devkit/schematics').Tree} Tree */
/** @typedef {import('@angular-devkit/schematics').Rule} Rule */
/** @typedef {import('./request.js').Options} Options */
/** @typedef {import('./request.js').Request} Request */

/**
 * @typedef {object} Plan
 * @property {object} values for the templates in `files`; `at` is the feature
 * @property {readonly string[]} [without] endings of the templates to leave out
 * @property {readonly string[]} next the developer's next steps, one line each
 */

/**
 * A generator: reads the request, changes existing files, and plans the new ones.
 * Nothing is written unless all steps succeed.
 * @template {Request} R
 * @param {(tree: Tree, request: R) => Plan} plan
 * @param {(options: Options) => R} read
 * @returns {(options: Options) => Rule}
 */
export function generator(read, plan) {
  return (options) => (tree) => {
    const { sourceRoot = 'src', project } = options;
    const said = (/** @type {string} */ sentence) => withPathsIn(asTypedHere(tree, sentence, project), sourceRoot);
    const {
      request,
      values,
      without = [],
      next,
    } = planned(said, () => {
      const request = read(options);
      return { request, ...plan(withSourcesInSrc(tree, sourceRoot), request) };
    });
    const unwanted = request.spec ? without : [...without, '.spec.ts.template', '.e2e-spec.ts.template'];
    const files = apply(url('./files'), [
      filter((path) => !unwanted.some((each) => path.endsWith(each))),
      applyTemplates(values),
      movedTo(sourceRoot),
    ]);
    return chain([mergeWith(files), specifiersOfTheApplication(), formatted(), saying(next.map(said))]);
  };
}

/** @template T @param {(sentence: string) => string} said @param {() => T} plan @returns {T} */
function planned(said, plan) {
  try {
    return plan();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(said(error.message)) : error;
  }
}

/** For all but features: `<feature>/<name>`. @param {string} kind @param {Parameters<typeof requestOf>[2]} shape */
export function reading(kind, shape) {
  return (/** @type {Options} */ options) => requestOf(kind, options, shape);
}

/**
 * Prints the next steps when the process exits, after the list of files, and only if the files were written.
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
